// A preview stands alone: links to other pages of the site lead nowhere yet.
document.addEventListener("click", event => {
  const link = event.target.closest("a");
  if (link && !link.closest(".preview-bar") && !link.getAttribute("href").startsWith("#")) event.preventDefault();
});
