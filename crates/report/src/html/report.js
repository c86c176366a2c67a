
"use strict";
(function () {
  const form = document.getElementById("filter");
  if (!form) return;
  const [text, severity, control, shown] = ["text", "severity", "control", "shown"].map((id) => document.getElementById(id));
  const findings = Array.from(document.querySelectorAll("details.finding"), (node) => ({ node, text: node.textContent.toLowerCase() }));
  function apply() {
    const words = text.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const finding of findings) {
      const data = finding.node.dataset;
      const wanted = (!severity.value || data.severity === severity.value) && (!control.value || data.control === control.value)
        && words.every((word) => finding.text.includes(word));
      finding.node.hidden = !wanted;
      if (wanted) count += 1;
    }
    shown.value = count + " of " + findings.length + " shown";
  }
  form.hidden = false;
  form.addEventListener("input", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  let opened = [];
  addEventListener("beforeprint", () => { opened = findings.filter((f) => !f.node.open); for (const f of opened) f.node.open = true; });
  addEventListener("afterprint", () => { for (const f of opened) f.node.open = false; });
  apply();
})();
