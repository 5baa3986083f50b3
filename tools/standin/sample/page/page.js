document.getElementById('state').textContent = typeof window.api;
