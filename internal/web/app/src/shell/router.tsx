import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Outlet } from "@tanstack/react-router";
import { Day } from "../day/day";
import { Inbox } from "../inbox/inbox";
import { SignInPage } from "../session/sign_in_page";
import { Session } from "./session";

// The map of this app's addresses. What a first look does not need comes when it
// is asked for.

const root = createRootRoute({ component: Outlet });
const signIn = createRoute({ getParentRoute: () => root, path: "/sign-in", component: SignInPage });
const simulator = ["/simulator", "/simulator/$message"].map((path) =>
  createRoute({
    getParentRoute: () => root,
    path,
    component: lazyRouteComponent(() => import("../simulator/simulator"), "Simulator"),
  }),
);
const inside = createRoute({ getParentRoute: () => root, id: "inside", component: Session });

const at = <P extends string>(path: P, component: () => React.ReactNode) =>
  createRoute({ getParentRoute: () => inside, path, component });
const late = <P extends string, K extends string>(
  path: P,
  load: () => Promise<Record<K, () => React.ReactNode>>,
  name: K,
) => createRoute({ getParentRoute: () => inside, path, component: lazyRouteComponent(load, name) });

const routes = inside.addChildren([
  at("/", Day),
  at("/inbox", Inbox),
  at("/inbox/drafts/$draft", Inbox),
  at("/messages/$message", Inbox),
  late("/messages/$message/why", () => import("../why/why_page"), "WhyPage"),
  late("/board/$pipeline", () => import("../board/board"), "Board"),
  late("/calendar", () => import("../calendar/calendar"), "Calendar"),
  late("/campaigns", () => import("../campaigns/list"), "Campaigns"),
  late("/campaigns/$id", () => import("../campaigns/campaign"), "Campaign"),
  late("/sequences", () => import("../sequences/list"), "Sequences"),
  late("/sequences/$id", () => import("../sequences/sequence"), "Sequence"),
  late("/templates", () => import("../templates/templates"), "Templates"),
  late("/imports", () => import("../imports/upload"), "Uploads"),
  late("/imports/$id", () => import("../imports/import"), "Import"),
  late("/duplicates", () => import("../merge/duplicates"), "Duplicates"),
  late("/merge", () => import("../merge/merge"), "Merge"),
  late("/start", () => import("../start/start"), "Start"),
  late("/health", () => import("../health/health_page"), "HealthPage"),
  late("/notices", () => import("../notices/notices"), "Notices"),
  late("/settings/$tab", () => import("../settings/settings"), "Settings"),
  late("/$plural", () => import("../table/table"), "FolderPage"),
  late("/$plural/$id", () => import("../record/record"), "RecordPage"),
]);

export function newRouter() {
  return createRouter({
    routeTree: root.addChildren([signIn, ...simulator, routes]),
    defaultPendingMs: 200,
    defaultNotFoundComponent: () => null,
  });
}
