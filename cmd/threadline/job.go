package main

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"threadline/internal/crm"
	"threadline/internal/job"
)

func (m *Main) jobCommand() *cobra.Command {
	return group("job", "Long work: imports, exports, bulk edits", m.jobList(),
		m.jobDo("show JOB", "How far a job has come", func(ctx context.Context, c *client, id string) error {
			return m.showJob(ctx, c, "GET", path("jobs", id))
		}),
		m.jobDo("wait JOB", "Wait until a job ends, and show it", func(ctx context.Context, c *client, id string) error {
			p, err := m.await(ctx, c, id)
			if err != nil {
				return err
			}
			return m.jobEnded(p)
		}),
		m.jobDo("cancel JOB", "Stop a job; what it did stays, and it can be resumed or undone", func(ctx context.Context, c *client, id string) error {
			return m.showJob(ctx, c, "POST", path("jobs", id, "cancel"))
		}),
		m.jobDo("resume JOB", "Go on with a job that failed or was cancelled; without a server, to its end", func(ctx context.Context, c *client, id string) error {
			if err := m.showJob(ctx, c, "POST", path("jobs", id, "resume")); err != nil || !c.inside {
				return err
			}
			p, err := m.await(ctx, c, id)
			if err != nil {
				return err
			}
			return m.jobEnded(p)
		}))
}

func (m *Main) jobDo(use, short string, do func(context.Context, *client, string) error) *cobra.Command {
	return &cobra.Command{Use: use, Short: short, Args: cobra.ExactArgs(1), RunE: func(cmd *cobra.Command, args []string) error {
		return m.with(cmd.Context(), "", func(ctx context.Context, c *client) error { return do(ctx, c, args[0]) })
	}}
}

func (m *Main) jobList() *cobra.Command {
	var kind string
	cmd := &cobra.Command{Use: "list", Short: "The newest jobs", Args: cobra.NoArgs, RunE: func(cmd *cobra.Command, _ []string) error {
		return m.with(cmd.Context(), "", func(ctx context.Context, c *client) error {
			var out list[job.Progress]
			raw, err := c.send(ctx, "GET", "/jobs?limit=200&kind="+kind, nil, &out)
			if err != nil {
				return err
			}
			return m.print(raw, func() {
				var rows [][]string
				for _, p := range out.Items {
					rows = append(rows, []string{p.ID, standing(p), moment(p.CreatedAt), comeTo(p), p.Title})
				}
				m.table([]string{"job", "state", "begun", "done", "what"}, rows)
			})
		})
	}}
	cmd.Flags().StringVar(&kind, "kind", "", "only of one kind, such as import")
	return cmd
}

// standing is the state of a job, and what it waits for.
func standing(p job.Progress) string {
	if p.State == crm.JobWaiting && p.Stage != "" {
		return p.Stage
	}
	return string(p.State)
}

// comeTo is how far a job has come.
func comeTo(p job.Progress) string {
	s := number(p.Done)
	if p.Total > 0 {
		s += " of " + number(p.Total)
	}
	return s
}

func (m *Main) showJob(ctx context.Context, c *client, method, to string) error {
	var p job.Progress
	raw, err := c.send(ctx, method, to, nil, &p)
	if err != nil {
		return err
	}
	return m.print(raw, func() { m.jobLines(p) })
}

func (m *Main) jobLines(p job.Progress) {
	m.say("%s  %s  %s: %s%s", p.ID, standing(p), p.Title, comeTo(p), speed(p))
	if len(p.Counts) > 0 {
		m.say("  %s", reasons(p.Counts))
	}
	if p.Msg != "" {
		m.say("  failed: %s", p.Msg)
	}
	if p.Hint != "" {
		m.say("  what to do: %s", p.Hint)
	}
	if p.Batch != "" && (p.State == crm.JobDone || p.State == crm.JobCancelled || p.State == crm.JobFailed) {
		m.say("  take it back with: threadline undo %s", p.Batch)
	}
}

// speed is how quick a job is, and how long it will take.
func speed(p job.Progress) string {
	if p.Rate == 0 {
		return ""
	}
	return fmt.Sprintf(", %.0f a second, %s left", p.Rate, time.Duration(p.Left)*time.Second)
}

// jobPoll is how often a command looks how far a job has come, and jobTell how
// often it says so.
const (
	jobPoll = 200 * time.Millisecond
	jobTell = 2 * time.Second
)

// await waits until a job stands, saying how far it is, and returns it. Without
// a server the work is done here.
func (m *Main) await(ctx context.Context, c *client, id string) (job.Progress, error) {
	if c.inside {
		c.work()
	}
	told := time.Now()
	for {
		var p job.Progress
		if _, err := c.send(ctx, "GET", path("jobs", id), nil, &p); err != nil || p.State != crm.JobRunning {
			return p, err
		}
		if now := time.Now(); !m.json && now.Sub(told) >= jobTell {
			told = now
			fmt.Fprintf(m.Err, "%s: %s%s\n", plain(p.Title), comeTo(p), speed(p))
		}
		select {
		case <-ctx.Done():
			return p, crm.E(crm.Unavailable, "await", "the command was stopped; the job goes on with the server", ctx.Err()).
				WithHint("threadline job wait " + id)
		case <-time.After(jobPoll):
		}
	}
}

// untilDone begins a job, waits for it, and shows what became of it.
func (m *Main) untilDone(ctx context.Context, c *client, to string, in any) error {
	var begun crm.Job
	if _, err := c.send(ctx, "POST", to, in, &begun); err != nil {
		return err
	}
	p, err := m.await(ctx, c, begun.ID)
	if err != nil {
		return err
	}
	return m.jobEnded(p)
}

// jobEnded shows a job that stands, and fails when it did.
func (m *Main) jobEnded(p job.Progress) error {
	raw, err := json.Marshal(p)
	if err != nil {
		return err
	}
	if err := m.print(raw, func() { m.jobLines(p) }); err != nil {
		return err
	}
	if p.State == crm.JobFailed {
		return crm.Errorf(crm.Conflict, "job", "the job failed: %s", p.Msg).WithHint("threadline job resume " + p.ID)
	}
	return nil
}
