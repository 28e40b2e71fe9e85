package web

import (
	"image/color"
	"image/png"
	"net/http"
	"os"
	"strings"
	"testing"
	"testing/fstest"
)

// TestLogoIsWhereTheManifestSays: the host of the add-on fetches it, whether the
// app was built or not.
func TestLogoIsWhereTheManifestSays(t *testing.T) {
	manifest, err := os.ReadFile("../../manifests/addon.deployment.json")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(manifest), "/"+logoName+`"`) {
		t.Errorf("the manifest names another logo than /%s", logoName)
	}
	h := newHandler(fstest.MapFS{"dist-absent.html": {Data: []byte("absent")}})
	res := get(t, h, http.MethodGet, "/"+logoName)
	if res.StatusCode != http.StatusOK || res.Header.Get("Content-Type") != "image/png" {
		t.Fatalf("%s %s", res.Status, res.Header.Get("Content-Type"))
	}
	img, err := png.Decode(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	if b := img.Bounds(); b.Dx() != 96 || b.Dy() != 96 {
		t.Errorf("it has %v points", b)
	}
	for at, want := range map[[2]int]color.NRGBA{{0, 0}: {}, {48, 6}: {0x0b, 0x6e, 0x5f, 255}, {48, 30}: {255, 255, 255, 255}, {21, 48}: {255, 255, 255, 255}} {
		if got := color.NRGBAModel.Convert(img.At(at[0], at[1])); got != want {
			t.Errorf("the point %v is %v, want %v", at, got, want)
		}
	}
}
