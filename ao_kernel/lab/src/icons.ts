/** ao's icon, in the colour of the theme. */

import { LabIcon } from '@jupyterlab/ui-components';

const AO = `<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16" viewBox="0 0 24 24">
  <g class="jp-icon3" fill="none" stroke="#616161" stroke-width="2" stroke-linecap="round">
    <circle cx="7" cy="15" r="4"/>
    <circle cx="18" cy="7" r="3"/>
    <path d="M11 12.6l4.6-3.6M11 15v4"/>
  </g>
</svg>`;

export const aoIcon = new LabIcon({ name: 'ao-jupyter:ao', svgstr: AO });
