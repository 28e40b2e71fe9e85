package addon

import (
	"encoding/json"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"

	"cloud.google.com/go/gsuiteaddons/apiv1/gsuiteaddonspb"
	"github.com/google/go-cmp/cmp"
	"google.golang.org/genproto/googleapis/apps/script/type"
	"google.golang.org/protobuf/encoding/protojson"
)

func readManifest(t *testing.T, file string) map[string]any {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var m map[string]any
	if err := json.Unmarshal(b, &m); err != nil {
		t.Fatal(err)
	}
	return m
}

func part(t *testing.T, m map[string]any, path ...string) map[string]any {
	t.Helper()
	for _, p := range path {
		next, ok := m[p].(map[string]any)
		if !ok {
			t.Fatalf("the manifest has no %s", strings.Join(path, "."))
		}
		m = next
	}
	return m
}

// TestDeploymentManifest reads the manifest as the deployment API would.
func TestDeploymentManifest(t *testing.T) {
	m := readManifest(t, "../manifests/addon.deployment.json")
	http := part(t, m, "addOns", "httpOptions")
	// The published protocol buffer does not know this field yet; Google
	// requires it of every HTTP add-on.
	if http["granularOauthPermissionSupport"] != "OPT_IN" {
		t.Error("granular consent is not declared")
	}
	delete(http, "granularOauthPermissionSupport")
	b, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	var d gsuiteaddonspb.Deployment
	if err := protojson.Unmarshal(b, &d); err != nil {
		t.Fatal(err)
	}
	if got := d.AddOns.HttpOptions.AuthorizationHeader; got != _type.HttpAuthorizationHeader_SYSTEM_ID_TOKEN {
		t.Errorf("the bearer token would be %v", got)
	}
	for _, want := range []string{scopeEmail, scopeMetadata, scopePrefix + "gmail.addons.execute", scopeCompose} {
		if !slices.Contains(d.OauthScopes, want) {
			t.Errorf("scope %s is not declared, so it cannot be asked for", want)
		}
	}
	triggers := map[string]string{
		triggerHome:    d.AddOns.Common.HomepageTrigger.RunFunction,
		triggerMessage: d.AddOns.Gmail.ContextualTriggers[0].OnTriggerFunction,
		triggerCompose: d.AddOns.Gmail.ComposeTrigger.Actions[0].RunFunction,
		triggerSet:     d.AddOns.Common.UniversalActions[0].GetRunFunction(),
	}
	for name, address := range triggers {
		u, err := url.Parse(address)
		if err != nil || u.Path != "/addon/v1/event" || u.Query().Get(triggerParam) != name {
			t.Errorf("trigger %s calls %s", name, address)
		}
	}
}

// TestManifestsAgree: the script flavour differs in how code is called and in
// nothing else.
func TestManifestsAgree(t *testing.T) {
	h, s := readManifest(t, "../manifests/addon.deployment.json"), readManifest(t, "../appsscript/appsscript.json")
	for _, m := range []map[string]any{h, s} {
		delete(part(t, m, "addOns", "common", "homepageTrigger"), "runFunction")
		for _, trigger := range part(t, m, "addOns", "gmail")["contextualTriggers"].([]any) {
			delete(trigger.(map[string]any), "onTriggerFunction")
		}
	}
	delete(part(t, h, "addOns"), "httpOptions")
	for _, action := range part(t, h, "addOns", "common")["universalActions"].([]any) {
		if a := action.(map[string]any); a["runFunction"] != nil {
			a["runFunction"] = "onSettings"
		}
	}
	compose := part(t, h, "addOns", "gmail", "composeTrigger")
	action := compose["actions"].([]any)[0].(map[string]any)
	compose["selectActions"] = []any{map[string]any{"text": action["label"], "runFunction": "onCompose"}}
	delete(compose, "actions")
	if d := cmp.Diff(h["addOns"], s["addOns"]); d != "" {
		t.Errorf("-deployment +script:\n%s", d)
	}
	want := append(slices.Clone(h["oauthScopes"].([]any)), scopePrefix+"script.external_request", "openid")
	if d := cmp.Diff(want, s["oauthScopes"]); d != "" {
		t.Errorf("scopes (-want +got):\n%s", d)
	}
}
