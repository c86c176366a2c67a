// Starts the page: theme first, then whoever is signed in, then the view that the address names.
import { Router } from "@solidjs/router";
import { render } from "solid-js/web";
import { routes } from "./routes";
import { Shell } from "./shell/Shell";
import { applyTheme } from "./shell/theme";
import "./styles/tokens.css";
import "./styles/base.css";

applyTheme();
const root = document.getElementById("root");
if (root) render(() => <Router root={Shell}>{routes}</Router>, root);
