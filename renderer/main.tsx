import './styles/tokens.css';
import './styles/base.css';
import './styles/frame.css';
import './styles/controls.css';
import './styles/fields.css';
import './styles/notices.css';
import './styles/accounts.css';
import './styles/sign-in.css';
import './styles/inspector.css';
import './styles/forced-colors.css';
import { render } from 'preact';
import { keepFocus } from './focus.ts';
import { syncWithMain } from './sync.ts';
import { createState, StateContext } from './state.ts';
import { App } from './views/app.tsx';

const state = createState(window.keyfob, () => performance.now());
const root = document.getElementById('app');
if (root === null) throw new Error('The page has no #app.');
render(
  <StateContext.Provider value={state}>
    <App />
  </StateContext.Provider>,
  root,
);
syncWithMain(state, window);
keepFocus(document);
