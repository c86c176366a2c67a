// Where to go after sign-in: a path of this plane, never another site.
export function returnPath(wanted: string | null | undefined): string {
  if (!wanted || wanted.length > 2048 || !/^\/(?![/\\])[\x21-\x7e]*$/.test(wanted) || wanted.includes("\\")) return "/";
  // Back into the API would show JSON; back to these pages would go round in a circle.
  return /^\/(?:api\/|sign-in|first-run)/.test(wanted) ? "/" : wanted;
}
