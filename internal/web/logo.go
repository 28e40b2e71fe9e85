package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"image"
	"image/color"
	"image/png"
	"math"
	"sync"
)

// logoName is where the add-on's manifest says that the logo is.
const logoName = "static/logo-96.png"

// logos are the pictures of the sign by their names, each drawn when it is first
// asked for: for hosts of add-ons, and for those who install the app.
func logos() map[string]func() *file {
	out := map[string]func() *file{}
	for name, size := range map[string]int{logoName: 96, "icon-192.png": 192, "icon-512.png": 512} {
		out[name] = sync.OnceValue(func() *file { return drawLogo(size) })
	}
	return out
}

// drawLogo draws the sign of the app, the one of favicon.svg, size points wide.
func drawLogo(size int) *file {
	const fine = 3 // each point is the mean of fine × fine samples
	scale := float64(size) / 32
	img := image.NewNRGBA(image.Rect(0, 0, size, size))
	for y := range size {
		for x := range size {
			var ground, ink int
			for k := range fine * fine {
				u := (float64(x) + (float64(k%fine)+0.5)/fine) / scale
				v := (float64(y) + (float64(k/fine)+0.5)/fine) / scale
				switch {
				case !inSquare(u, v):
				case inSign(u, v):
					ink++
				default:
					ground++
				}
			}
			img.SetNRGBA(x, y, mix(ground, ink, fine*fine))
		}
	}
	var b bytes.Buffer
	_ = png.Encode(&b, img) // into memory it never fails
	sum := sha256.Sum256(b.Bytes())
	return &file{kind: "image/png", tag: `"` + hex.EncodeToString(sum[:12]) + `"`, plain: b.Bytes()}
}

func mix(ground, ink, all int) color.NRGBA {
	n := ground + ink
	if n == 0 {
		return color.NRGBA{}
	}
	part := func(a, b int) uint8 { return uint8((a*ground + b*ink) / n) }
	return color.NRGBA{R: part(0x0b, 0xff), G: part(0x6e, 0xff), B: part(0x5f, 0xff), A: uint8(255 * n / all)}
}

// inSquare tells whether a point of the 32 by 32 plane is in the rounded square.
func inSquare(u, v float64) bool {
	const r = 8
	du, dv := math.Max(math.Abs(u-16)-(16-r), 0), math.Max(math.Abs(v-16)-(16-r), 0)
	return math.Hypot(du, dv) <= r
}

// inSign tells whether a point is on one of the two lines or the dot.
func inSign(u, v float64) bool {
	const half = 1.3
	near := func(x, y, r float64) bool { return math.Hypot(u-x, v-y) <= r }
	if near(math.Min(math.Max(u, 7), 25), 10, half) || near(math.Min(math.Max(u, 19), 25), 22, half) || near(7, 16, 2.4) {
		return true
	}
	for i := range 49 { // the bend, a cubic curve
		t := float64(i) / 48
		s := 1 - t
		if near(7*s*s*s+13*3*s*s*t+13*3*s*t*t+19*t*t*t, 16*s*s*s+16*3*s*s*t+22*3*s*t*t+22*t*t*t, half) {
			return true
		}
	}
	return false
}
