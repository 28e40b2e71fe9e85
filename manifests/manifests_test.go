package manifests

import (
	"encoding/json"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

func read(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// script runs gcloud.sh with a gcloud that only prints.
func script(t *testing.T, steps ...string) string {
	t.Helper()
	for _, need := range []string{"bash", "jq"} {
		if _, err := exec.LookPath(need); err != nil {
			t.Skipf("SKIPPED, NOT TESTED: %s is not installed", need)
		}
	}
	cmd := exec.Command("bash", append([]string{"gcloud.sh"}, steps...)...)
	cmd.Env = append(os.Environ(), "GCLOUD=echo", "PROJECT=acme", "BUCKET=acme-bodies", "IMAGE=example/threadline:1",
		"PUBLIC_URL=https://crm.acme.example", "OWN_DOMAIN=acme.example", "REGION=europe-west1", "DATABASE=crm")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %v\n%s", steps, err, out)
	}
	return string(out)
}

// TestScript runs every step: each names what it should, on the right project.
func TestScript(t *testing.T) {
	for step, words := range map[string][]string{
		"apis":     {"services enable firestore.googleapis.com"},
		"database": {"databases create --database=crm", "--type=firestore-native"},
		"rules":    {"firebaserules.googleapis.com/v1/projects/acme/rulesets"},
		"bucket":   {"gs://acme-bodies", "--public-access-prevention"},
		"key":      {"secrets create threadline-key"},
		"account":  {"roles/datastore.user", "databases/crm'", "roles/storage.objectUser", "roles/secretmanager.secretAccessor"},
		"pubsub":   {"gmail-api-push@system.gserviceaccount.com", "--push-endpoint=https://crm.acme.example/push/gmail", "--push-auth-service-account=threadline@acme.iam"},
		"deploy":   {"run services replace"},
	} {
		out := script(t, step)
		for _, w := range words {
			if !strings.Contains(out, w) {
				t.Errorf("%s does not say %q:\n%s", step, w, out)
			}
		}
		for line := range strings.Lines(out) {
			if !strings.HasPrefix(line, "POST ") && !strings.Contains(line, "--project=acme") {
				t.Errorf("%s: %q names no project", step, line)
			}
		}
	}
	if out := script(t, "account"); strings.Contains(out, "roles/owner") || strings.Contains(out, "roles/editor") {
		t.Error("the account may do too much")
	}
	if err := exec.Command("bash", "gcloud.sh", "nonsense").Run(); err == nil {
		t.Error("an unknown step is accepted")
	}
}

// TestScriptIndexes: every index of the file becomes one command.
func TestScriptIndexes(t *testing.T) {
	var file struct {
		Indexes        []struct{ Fields []struct{ FieldPath string } }
		FieldOverrides []struct{ FieldPath string }
	}
	if err := json.Unmarshal(Indexes, &file); err != nil {
		t.Fatal(err)
	}
	out := script(t, "indexes")
	if got := strings.Count(out, "indexes composite create"); got != len(file.Indexes) || got < 10 {
		t.Errorf("%d composite indexes, want %d", got, len(file.Indexes))
	}
	if got := strings.Count(out, "indexes fields update"); got != len(file.FieldOverrides) || got < 10 {
		t.Errorf("%d fields, want %d", got, len(file.FieldOverrides))
	}
	off := regexp.MustCompile(`fields update \* --collection-group=message --disable-indexes`)
	one := regexp.MustCompile(`composite create .*--collection-group=message .*field-path=feed,array-config=contains --field-config=field-path=date,order=descending`)
	for _, r := range []*regexp.Regexp{off, one} {
		if !r.MatchString(out) {
			t.Errorf("%s is not among the commands:\n%s", r, out)
		}
	}
}

// TestService reads the Cloud Run service as it would be deployed.
func TestService(t *testing.T) {
	var s struct {
		Kind string
		Spec struct {
			Template struct {
				Spec struct {
					ServiceAccountName string `yaml:"serviceAccountName"`
					Containers         []struct {
						Image        string
						Env          []struct{ Name, Value string }
						StartupProbe struct {
							HTTPGet struct{ Path string } `yaml:"httpGet"`
						} `yaml:"startupProbe"`
						LivenessProbe struct {
							HTTPGet struct{ Path string } `yaml:"httpGet"`
						} `yaml:"livenessProbe"`
						VolumeMounts []struct{ Name, MountPath string } `yaml:"volumeMounts"`
					}
					Volumes []struct{ Name string }
				}
			}
		}
	}
	out := script(t, "service-file")
	if err := yaml.Unmarshal([]byte(out), &s); err != nil {
		t.Fatal(err)
	}
	spec := s.Spec.Template.Spec
	if s.Kind != "Service" || spec.ServiceAccountName != "threadline@acme.iam.gserviceaccount.com" || len(spec.Containers) != 1 {
		t.Fatalf("the service is %+v", s)
	}
	c := spec.Containers[0]
	if c.Image != "example/threadline:1" || c.StartupProbe.HTTPGet.Path != "/readyz" || c.LivenessProbe.HTTPGet.Path != "/healthz" {
		t.Errorf("the container is %+v", c)
	}
	env := map[string]string{}
	for _, e := range c.Env {
		env[e.Name] = e.Value
	}
	for name, want := range map[string]string{"THREADLINE_STORE": "firestore", "THREADLINE_FIRESTORE_PROJECT": "acme", "THREADLINE_FIRESTORE_DATABASE": "crm",
		"THREADLINE_BLOB": "gs://acme-bodies", "THREADLINE_PUBLIC_URL": "https://crm.acme.example", "THREADLINE_OWN_DOMAIN": "acme.example"} {
		if env[name] != want {
			t.Errorf("%s is %q, want %q", name, env[name], want)
		}
	}
	if len(spec.Volumes) != 1 || len(c.VolumeMounts) != 1 || spec.Volumes[0].Name != c.VolumeMounts[0].Name {
		t.Errorf("the key is not mounted: %+v %+v", spec.Volumes, c.VolumeMounts)
	}
	if left := regexp.MustCompile(`\b(PROJECT|IMAGE|BUCKET|DATABASE|OWN_DOMAIN)\b"?`).FindString(regexp.MustCompile(`(?m)^#.*$|THREADLINE_\w+`).ReplaceAllString(out, "")); left != "" {
		t.Errorf("%s is not filled in", left)
	}
}

// TestRules: the one rule denies everything.
func TestRules(t *testing.T) {
	text := regexp.MustCompile(`(?m)//.*$`).ReplaceAllString(read(t, "firestore.rules"), "")
	got := strings.Join(strings.Fields(text), " ")
	const want = "rules_version = '2'; service cloud.firestore { match /databases/{database}/documents { match /{document=**} { allow read, write: if false; } } }"
	if got != want {
		t.Errorf("the rules are\n%s\nwant\n%s", got, want)
	}
}

// TestContainerfile: every line is an instruction, and what is built is run.
func TestContainerfile(t *testing.T) {
	instruction := regexp.MustCompile(`^(FROM|WORKDIR|COPY|RUN|ENV|VOLUME|EXPOSE|ENTRYPOINT|CMD) \S`)
	text := read(t, "Containerfile")
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' && !instruction.MatchString(line) {
			t.Errorf("%q is no instruction", line)
		}
	}
	for _, path := range regexp.MustCompile(`(?m)^COPY (internal/\S+)`).FindAllStringSubmatch(text, -1) {
		if _, err := os.Stat("../" + path[1]); err != nil {
			t.Errorf("it copies %s: %v", path[1], err)
		}
	}
}

// TestUnit lets systemd judge its unit.
func TestUnit(t *testing.T) {
	if _, err := exec.LookPath("systemd-analyze"); err != nil {
		t.Skip("SKIPPED, NOT TESTED: systemd-analyze is not installed")
	}
	dir := t.TempDir()
	text := strings.Replace(read(t, "threadline.service"), "/usr/bin/threadline", "/bin/true", 1)
	if err := os.WriteFile(dir+"/threadline.service", []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("systemd-analyze", "verify", "--man=no", dir+"/threadline.service").CombinedOutput()
	if err != nil || strings.Contains(string(out), "threadline.service:") {
		t.Errorf("%v\n%s", err, out)
	}
}
