// Apply the stored reading preferences before the first paint.
(function () {
  const root = document.documentElement;
  root.classList.replace("gk-no-js", "gk-js");
  const readPreference = (name) => {
    try {
      return localStorage.getItem("gk-" + name);
    } catch {
      return null; // Storage is blocked: the page works without it.
    }
  };
  const dark = readPreference("dark") ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "on" : "off");
  if (dark === "on") root.dataset.mdColorScheme = "slate";
  if (readPreference("large") === "on") root.dataset.gkLarge = "on";
  if (readPreference("contrast") === "on") root.dataset.gkContrast = "high";
})();
