// Apply the stored reading preferences before the first paint. In the oldest syntax: a browser that cannot
// run the other scripts is marked as too old. It knows no modules, not what all promised browsers have
// (Promise.allSettled came last), or not the syntax.
(function () {
  var root = document.documentElement;
  function readPreference(name) {
    try {
      return localStorage.getItem("gk-" + name);
    } catch (error) {
      return null; // Storage is blocked: the page works without it.
    }
  }
  function markOld() {
    root.className += " gk-old-browser";
  }
  root.className = root.className.replace("gk-no-js", "gk-js");
  var script = document.createElement("script");
  if (!("noModule" in script) || !window.Promise || !Promise.allSettled) markOld();
  // A page opened from a folder may not load modules or data: no search, no comparison.
  if (location.protocol === "file:") root.className += " gk-file";
  window.addEventListener("error", function (event) {
    if (event.error && event.error.name === "SyntaxError") markOld(); // In a module.
  });
  var dark = readPreference("dark");
  if (dark === null) dark = matchMedia("(prefers-color-scheme: dark)").matches ? "on" : "off";
  if (dark === "on") root.dataset.mdColorScheme = "slate";
  if (readPreference("large") === "on") root.dataset.gkLarge = "on";
  if (readPreference("contrast") === "on") root.dataset.gkContrast = "high";
})();
