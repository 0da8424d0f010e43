// How the reader wants to read: put in force before anything is drawn.
(function () {
  const root = document.documentElement;
  root.classList.replace("gk-no-js", "gk-js");
  const read = (name) => {
    try {
      return localStorage.getItem("gk-" + name);
    } catch {
      return null; // The reader's browser keeps nothing: the page works without.
    }
  };
  const dark = read("dark") ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "on" : "off");
  if (dark === "on") root.dataset.mdColorScheme = "slate";
  if (read("large") === "on") root.dataset.gkLarge = "on";
  if (read("contrast") === "on") root.dataset.gkContrast = "high";
})();
