// Package job carries out long work in resumable chunks.
//
// What it stores: one job document for each piece of work, with its state, its
// position and its counts, and whatever the kinds of work write.
//
// What it promises:
//   - A chunk and the progress of its job are one transaction: killed at any
//     instant, the work goes on behind the last chunk, and nothing is done
//     twice.
//   - One process at a time works on a job; another takes it over when the first
//     has said nothing for a while. A process that comes back late writes
//     nothing, because the job has another owner or another position by then.
//   - Run owns the goroutines that work, a few at a time, so that a small job
//     does not wait for a large one. They end when its context does, between
//     two chunks or within one, which makes no difference.
//   - Progress is visible while it runs, with speed and time left.
//
// A new kind of work is one value of Kind, given to New.
package job
