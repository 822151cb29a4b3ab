// Runs before the first paint, so that a chosen theme never flashes; a file of its own because inline scripts are not allowed.
try {
  const theme = localStorage.getItem('talteen:theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // Storage may be forbidden: then the system's theme is used.
}
