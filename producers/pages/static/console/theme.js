// Light or dark: as the device says, until somebody chooses. Kept in a cookie, so the server draws the first frame right.

const COOKIE = "jibao_theme";

export function toggleTheme() {
  const root = document.documentElement;
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
  document.cookie = `${COOKIE}=${root.dataset.theme}; path=/; max-age=31536000; samesite=lax`;
}
