// What people do in the mock plane: sessions, waivers, settings.
import { Refusal, type Routes } from "./plugin.ts";

export const peopleRoutes: Routes = {
  "GET /session": ({ mock }) => ({
    user: { id: "u-1", name: "Mara Lindqvist", email: "mara@shop.example", source: "oidc" },
    grants: [{ role: mock.state === "viewer" ? "viewer" : "admin", clusters: [], namespaces: [] }],
    role: mock.state === "viewer" ? "viewer" : "admin",
    csrf: "mock-csrf",
    expires: new Date(Date.now() + 8 * 3_600_000).toISOString(),
    version: "0.1.0",
  }),
  "GET /auth/methods": ({ mock }) =>
    mock.state === "first-run" ? { local: false, oidc: null, firstRun: true, version: "0.1.0" } : { local: true, oidc: { name: "Shop SSO" }, firstRun: false, version: "0.1.0" },
  "POST /auth/login": ({ mock, body }) => {
    if (body["password"] === "wrong") throw new Refusal(401, "wrong_password", "Name or password is wrong.");
    mock.signedIn = true;
  },
  "POST /auth/logout": ({ mock }) => {
    mock.signedIn = false;
  },
  "GET /status": ({ mock }) => ({
    ready: mock.state !== "problem",
    problems: mock.state === "problem" ? [{ part: "database", message: "The disk of the store is full; batches of agents wait in their rings.", since: new Date(Date.now() - 420_000).toISOString() }] : [],
    version: "0.1.0",
    replicas: 2,
  }),
  "POST /waivers/bulk": ({ mock }) => {
    mock.tell("waiver", null);
    return { created: 1 };
  },
};
