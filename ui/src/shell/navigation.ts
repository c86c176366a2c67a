// The places of the plane, in the order of the navigation, with the keys that go there.
import type { IconName } from "../parts/Icon";

export interface Place {
  href: string;
  title: string;
  icon: IconName;
  /** Pressed after `g`. */
  key: string;
}

export const PLACES: readonly (readonly Place[])[] = [
  [
    { href: "/", title: "Home", icon: "home", key: "h" },
    { href: "/clusters", title: "Clusters", icon: "clusters", key: "c" },
    { href: "/compliance", title: "Compliance", icon: "compliance", key: "m" },
    { href: "/findings", title: "Findings", icon: "findings", key: "f" },
  ],
  [
    { href: "/rules", title: "Rules", icon: "rules", key: "r" },
    { href: "/waivers", title: "Waivers", icon: "waivers", key: "w" },
    { href: "/reports", title: "Reports", icon: "reports", key: "p" },
  ],
  [
    { href: "/trail", title: "Trail", icon: "trail", key: "t" },
    { href: "/settings", title: "Settings", icon: "settings", key: "s" },
  ],
];

/** Whether an address lies in a place. */
export function inPlace(place: Place, path: string): boolean {
  if (place.href === "/") return path === "/";
  const also = place.href === "/compliance" ? ["/frameworks"] : place.href === "/findings" ? ["/workloads"] : [];
  return [place.href, ...also].some((href) => path === href || path.startsWith(`${href}/`));
}
