// Sets a theme chosen on an earlier visit before the first paint. Without one
// the style sheet follows the system's preference.
try {
  const theme = localStorage.getItem('theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // Storage may be forbidden; the system's preference holds then.
}
