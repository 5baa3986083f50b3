/** The style of the approval pages: one column, system fonts, light and dark. */
export const pageStyle = `
:root {
  color-scheme: light dark;
  --context: #f3f5f4; --card: #ffffff; --ink: #16211d; --quiet: #55635d; --line: #d5ddd9;
  --field: #6f7d77; --accent: #0b6b4f; --accent-ink: #ffffff; --tint: #e6f2ed; --alarm: #a3261b;
  --alarm-tint: #fcebe9;
}
@media (prefers-color-scheme: dark) {
  :root {
    --context: #101513; --card: #19201d; --ink: #e8eeeb; --quiet: #a3b1ab; --line: #2d3733;
    --field: #7f8e88; --accent: #5fd0a6; --accent-ink: #06251a; --tint: #1c2f28; --alarm: #ff9d92;
    --alarm-tint: #3a201d;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; min-height: 100vh; padding: 2rem 1rem; background: var(--context); color: var(--ink);
  font: 1rem/1.5 system-ui, -apple-system, 'Segoe UI', 'Noto Sans', sans-serif;
  display: flex; flex-direction: column; align-items: center; justify-content: center; gap: 1.25rem;
}
header { color: var(--quiet); font-weight: 600; display: flex; align-items: center; gap: .5rem; }
.dot { width: .625rem; height: .625rem; border-radius: 50%; background: var(--accent); }
main {
  width: 100%; max-width: 26rem; background: var(--card); border: 1px solid var(--line);
  border-radius: 1rem; padding: 2rem; box-shadow: 0 1px 2px rgb(0 0 0 / 6%), 0 8px 24px rgb(0 0 0 / 5%);
}
footer { color: var(--quiet); font-size: .8125rem; text-align: center; max-width: 26rem; }
h1 { font-size: 1.375rem; line-height: 1.3; margin: 0 0 .25rem; text-wrap: balance; overflow-wrap: anywhere; }
.lead { margin: 0 0 1.25rem; color: var(--quiet); overflow-wrap: anywhere; }
.hint { margin: .5rem 0 1.25rem; color: var(--quiet); font-size: .875rem; overflow-wrap: anywhere; }
.problem {
  margin: 0 0 1.25rem; padding: .75rem 1rem; border-radius: .625rem; font-size: .9375rem;
  background: var(--alarm-tint); color: var(--alarm);
}
label, legend, dt { font-size: .875rem; font-weight: 600; }
input.code {
  display: block; width: 100%; margin-top: .375rem; padding: .75rem 1rem; text-align: center;
  border: 1px solid var(--field); border-radius: .625rem; background: transparent; color: inherit;
}
.code {
  font: 600 1.5rem/1.3 ui-monospace, 'Cascadia Mono', 'SF Mono', 'DejaVu Sans Mono', monospace;
  letter-spacing: .12em; font-variant-numeric: slashed-zero;
}
dl { margin: 0; border: 1px solid var(--line); border-radius: .75rem; overflow: hidden; }
dl div { display: flex; align-items: center; justify-content: space-between; gap: 1rem; padding: .625rem 1rem; }
dl div + div { border-top: 1px solid var(--line); }
dl .security { background: var(--tint); }
dt { color: var(--quiet); font-weight: 500; }
dd { margin: 0; text-align: right; overflow-wrap: anywhere; min-width: 0; }
fieldset { border: 0; margin: 0 0 1rem; padding: 0; }
legend { padding: 0; margin-bottom: .375rem; }
.person, .tick { display: flex; align-items: center; gap: .75rem; cursor: pointer; font-weight: 400; }
.person {
  padding: .625rem .875rem; margin-bottom: .5rem; font-size: 1rem; border: 1px solid var(--line);
  border-radius: .75rem; overflow-wrap: anywhere;
}
.person:has(:checked) { border-color: var(--accent); background: var(--tint); }
.face {
  flex: none; width: 2rem; height: 2rem; border-radius: 50%; display: grid; place-items: center;
  background: var(--accent); color: var(--accent-ink); font-weight: 600;
}
.quiet { color: var(--quiet); }
.tick { align-items: flex-start; margin-bottom: 1.25rem; }
.tick input { margin-top: .2rem; }
input[type='radio'], input[type='checkbox'] { flex: none; width: 1.125rem; height: 1.125rem; accent-color: var(--accent); }
.acts { display: flex; flex-wrap: wrap; gap: .75rem; }
button {
  flex: 1 1 8rem; min-height: 2.75rem; padding: .5rem 1.25rem; border-radius: .625rem; cursor: pointer;
  font: inherit; font-weight: 600; border: 1px solid var(--field); background: transparent; color: inherit;
}
button.primary { background: var(--accent); border-color: var(--accent); color: var(--accent-ink); }
button:hover { filter: brightness(1.06); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.mark {
  width: 3.5rem; height: 3.5rem; border-radius: 50%; display: grid; place-items: center;
  margin-bottom: 1.25rem; font-size: 1.5rem; font-weight: 700; background: var(--tint); color: var(--accent);
}
.mark.declined, .mark.expired { background: var(--context); color: var(--quiet); }
.mark.refused, .mark.failed { background: var(--alarm-tint); color: var(--alarm); }
main .mark ~ .lead:last-child { margin-bottom: 0; }
@media (forced-colors: active) { .dot, .face { forced-color-adjust: none; } }
`;
