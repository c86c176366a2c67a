// Line icons on a 24 grid, drawn here so that nothing is fetched.
const PATHS = {
  home: "M4 20V9l2 0 0 2 3 0 0-2 2 0 0 2 2 0 0-2 2 0 0 2 3 0 0-2 2 0 0 11zM10 20v-5h4v5",
  wall: "M3 20V8h4v3h3V8h4v3h3V8h4v12zM3 15h18M9 15v5M15 15v5M12 11v4",
  clusters: "M12 3l8 4.5v9L12 21l-8-4.5v-9zM12 12l8-4.5M12 12v9M12 12L4 7.5",
  compliance: "M4 4h16v16H4zM4 9.3h16M4 14.6h16M9.3 4v16M14.6 4v16",
  findings: "M11 4a7 7 0 1 1 0 14 7 7 0 0 1 0-14zM16 16l5 5M11 8v3.5M11 14v.2",
  rules: "M6 3h11l2 2v16H6a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2zM8 8h8M8 12h8M8 16h5",
  waivers: "M5 4h14v10l-7 7-7-7zM9 10l2.2 2.2L15.5 8",
  reports: "M6 3h8l5 5v13H6zM14 3v5h5M9 13h7M9 17h7",
  trail: "M5 6h2M5 12h2M5 18h2M10 6h9M10 12h9M10 18h9",
  settings: "M4 7h10M18 7h2M4 17h2M10 17h10M16 5v4M8 15v4",
  search: "M10.5 4a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13zM15.5 15.5L21 21",
  menu: "M4 7h16M4 12h16M4 17h16",
  close: "M6 6l12 12M18 6L6 18",
  check: "M5 12.5l4.5 4.5L19 7.5",
  cross: "M7 7l10 10M17 7L7 17",
  alert: "M12 4l9 16H3zM12 10v4.5M12 17v.3",
  lock: "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
  up: "M12 19V6M6 11l6-6 6 6",
  down: "M12 5v13M6 13l6 6 6-6",
  chevron: "M6 9.5l6 6 6-6",
  right: "M9 5l7 7-7 7",
  external: "M14 4h6v6M20 4l-9 9M18 14v6H4V6h6",
  download: "M12 4v11M7 11l5 5 5-5M5 20h14",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
  sun: "M12 8a4 4 0 1 1 0 8 4 4 0 0 1 0-8zM12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.4 1.4M17.6 17.6L19 19M5 19l1.4-1.4M17.6 6.4L19 5",
  moon: "M20 14.5A8.5 8.5 0 0 1 9.5 4 8.5 8.5 0 1 0 20 14.5z",
  auto: "M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18zM12 3v18M12 7h5.5M12 11h8.5M12 15h8M12 19h4",
  clock: "M12 4a8 8 0 1 1 0 16 8 8 0 0 1 0-16zM12 8v4.5l3 2",
  wrench: "M14.5 6.5a4 4 0 0 1 5-2.5l-2.6 2.6 1.5 1.5L21 5.5a4 4 0 0 1-5.2 5.2L8 18.5A2 2 0 1 1 5.500 16z",
  refresh: "M19 8a8 8 0 1 0 1 4M20 4v5h-5",
  user: "M12 4a4 4 0 1 1 0 8 4 4 0 0 1 0-8zM4.500 20c1-4 4-6 7.500-6s6.500 2 7.500 6",
  plus: "M12 5v14M5 12h14",
  table: "M4 5h16v14H4zM4 10h16M4 14.500h16M10 10v9",
  keyboard: "M3 7h18v11H3zM7 11h.2M11 11h.2M15 11h.2M7 14.500h10",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon(props: { name: IconName; class?: string }) {
  return (
    <svg class={props.class ? `icon ${props.class}` : "icon"} viewBox="0 0 24 24" aria-hidden="true">
      <path d={PATHS[props.name]} />
    </svg>
  );
}
