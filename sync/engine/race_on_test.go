//go:build race

package engine

// raceDetector makes everything some five times slower.
const raceDetector = true
