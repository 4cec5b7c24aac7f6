"use strict";(self.rspackChunkao_jupyter=self.rspackChunkao_jupyter||[]).push([[700],{25(o,e,a){var r=a(26),t=a.n(r),n=a(27),i=(a.n(n))()(t());i.push([o.id,`/* The panel, the status bar's item, the card of a result, and the marks in cells: in the theme's own colours. */

.ao-panel {
  overflow: hidden auto;
  min-width: 240px;
  background: var(--jp-layout-color1);
  color: var(--jp-ui-font-color1);
  font-size: var(--jp-ui-font-size1);
  line-height: 1.45;
}

.ao-panel [hidden],
.ao-result [hidden] {
  display: none !important;
}

.ao-panel:focus {
  outline: none;
}

.ao-panel summary:focus-visible,
.ao-panel [role='option']:focus-visible,
.ao-panel button:focus-visible,
.ao-panel pre:focus-visible,
.ao-result summary:focus-visible,
.ao-result button:focus-visible,
.ao-status:focus-visible {
  outline: 2px solid var(--jp-brand-color1);
  outline-offset: -2px;
}

.ao-panel bdi,
.ao-result bdi {
  overflow-wrap: anywhere;
}

.ao-quiet {
  margin: 0;
  padding: 24px 16px;
  color: var(--jp-ui-font-color2);
}

.ao-said {
  position: sticky;
  top: 0;
  z-index: 1;
  margin: 0;
  padding: 6px 12px;
  background: var(--jp-layout-color2);
  border-left: 3px solid var(--jp-success-color1);
  overflow-wrap: anywhere;
}

.ao-said:empty {
  display: none;
}

.ao-said.ao-failed {
  border-left-color: var(--jp-error-color1);
}

/* Parts that fold */

.ao-section {
  border-bottom: var(--jp-border-width) solid var(--jp-border-color2);
}

.ao-selected .ao-section:last-child {
  border-bottom: none;
}

.ao-title {
  display: flex;
  gap: 4px;
  padding: 6px 12px;
  list-style: none;
  cursor: pointer;
  color: var(--jp-ui-font-color1);
  font-size: var(--jp-ui-font-size0);
  font-weight: 600;
  letter-spacing: 0.4px;
  text-transform: uppercase;
}

.ao-title:hover,
.ao-panel .ao-row summary:hover {
  background: var(--jp-layout-color2);
}

.ao-content {
  padding: 0 12px 10px;
}

.ao-selected {
  border-bottom: var(--jp-border-width) solid var(--jp-border-color2);
  border-left: 3px solid var(--jp-brand-color1);
}

.ao-heading {
  display: flex;
  align-items: center;
  justify-content: space-between;
  gap: 8px;
  margin: 0;
  padding: 8px 12px 4px 9px;
  font-size: var(--jp-ui-font-size2);
  font-weight: 600;
}

.ao-selected .ao-title {
  padding-left: 9px;
}

/* Lists */

.ao-list {
  list-style: none;
  margin: 0;
  padding: 0;
}

.ao-processes {
  max-height: 40vh;
  margin: 0 -12px;
  overflow-y: auto;
}

.ao-letters,
.ao-traces {
  max-height: 50vh;
  margin: 0 -12px;
  overflow-y: auto;
}

.ao-process {
  padding: 4px 12px;
  cursor: pointer;
  border-left: 3px solid transparent;
}

.ao-process:hover {
  background: var(--jp-layout-color2);
}

.ao-process[aria-selected='true'] {
  background: var(--jp-layout-color2);
  border-left-color: var(--jp-brand-color1);
}

.ao-line {
  display: flex;
  align-items: baseline;
  gap: 8px;
}

.ao-name {
  font-weight: 600;
}

.ao-panel .ao-line .ao-name,
.ao-line .ao-id {
  min-width: 3ch;
  overflow: hidden;
  text-overflow: ellipsis;
  white-space: nowrap;
}

.ao-line .ao-id {
  flex-shrink: 100;
}

.ao-id,
.ao-number,
.ao-time,
.ao-clock-time {
  color: var(--jp-ui-font-color2);
  font-family: var(--jp-code-font-family);
  font-size: var(--jp-ui-font-size0);
}

.ao-panel code.ao-id {
  padding: 0;
  background: none;
}

.ao-here {
  margin-left: auto;
  color: var(--jp-brand-color1);
  font-size: var(--jp-ui-font-size0);
  white-space: nowrap;
}

.ao-here::before {
  content: '▸ ';
}

.ao-marks {
  display: flex;
  flex-wrap: wrap;
  gap: 2px 10px;
  color: var(--jp-ui-font-color2);
  font-size: var(--jp-ui-font-size0);
}

.ao-mark-inbox {
  color: var(--jp-ui-font-color1);
  font-weight: 600;
}

.ao-mark-queue,
.ao-mark-waiting {
  color: var(--jp-ui-font-color1);
  font-style: italic;
}

.ao-mark-errors,
.ao-failed .ao-outcome,
.ao-size.ao-failed {
  color: var(--jp-error-color1);
  font-weight: 600;
}

.ao-panel .ao-row summary {
  display: flex;
  align-items: baseline;
  gap: 8px;
  padding: 3px 12px;
  cursor: pointer;
  list-style: none;
}

.ao-panel summary::before,
.ao-result summary::before {
  content: '▸';
  flex: none;
  width: 0.8em;
  color: var(--jp-ui-font-color2);
}

.ao-panel details[open] > summary::before,
.ao-result details[open] > summary::before {
  content: '▾';
}

.ao-action {
  color: var(--jp-ui-font-color1);
  white-space: nowrap;
}

.ao-data {
  flex: 1;
  min-width: 0;
  overflow: hidden;
  color: var(--jp-ui-font-color2);
  text-overflow: ellipsis;
  white-space: nowrap;
}

.ao-letter .ao-name {
  max-width: 40%;
  overflow: hidden;
  text-overflow: ellipsis;
  white-space: nowrap;
}

.ao-letter .ao-action {
  max-width: 45%;
  overflow: hidden;
  text-overflow: ellipsis;
}

.ao-body {
  padding: 2px 12px 8px 28px;
}

.ao-head {
  flex: 1;
  min-width: 0;
}

.ao-head .ao-action {
  margin-left: 8px;
  font-weight: 600;
  overflow-wrap: anywhere;
  white-space: normal;
}

.ao-below {
  display: flex;
  justify-content: space-between;
  gap: 8px;
}

.ao-size {
  color: var(--jp-ui-font-color2);
  font-size: var(--jp-ui-font-size0);
}

.ao-hops {
  margin: 0;
  padding: 2px 12px 8px 44px;
}

.ao-hop {
  padding: 1px 0;
  overflow-wrap: anywhere;
}

.ao-hop .ao-data {
  white-space: normal;
}

.ao-hop::marker {
  color: var(--jp-ui-font-color2);
  font-size: var(--jp-ui-font-size0);
}

.ao-outcome {
  display: block;
  color: var(--jp-ui-font-color2);
  font-size: var(--jp-ui-font-size0);
}

.ao-snapshot {
  display: flex;
  align-items: center;
  justify-content: space-between;
  padding: 2px 0;
}

/* What is typed and pressed */

.ao-form {
  display: flex;
  flex-wrap: wrap;
  align-items: flex-end;
  gap: 6px;
  padding-top: 6px;
}

.ao-field {
  display: flex;
  flex: 1 1 100px;
  flex-direction: column;
  color: var(--jp-ui-font-color2);
  font-size: var(--jp-ui-font-size0);
}

.ao-field:has(textarea) {
  flex-basis: 100%;
}

.ao-panel .ao-input {
  box-sizing: border-box;
  width: 100%;
  padding: 3px 6px;
  border: var(--jp-border-width) solid var(--jp-border-color1);
  border-radius: 2px;
  background: var(--jp-input-background);
  color: var(--jp-ui-font-color0);
  font-family: inherit;
  font-size: var(--jp-ui-font-size1);
  resize: vertical;
}

.ao-panel textarea.ao-input {
  font-family: var(--jp-code-font-family);
}

.ao-panel .ao-input:focus {
  border-color: var(--jp-input-active-border-color, var(--jp-brand-color1));
  outline: 1px solid var(--jp-input-active-border-color, var(--jp-brand-color1));
}

.ao-panel .ao-input::placeholder {
  color: var(--jp-ui-font-color3, var(--jp-ui-font-color2));
}

.ao-filter {
  margin-bottom: 6px;
}

.ao-button {
  padding: 3px 10px;
  border: var(--jp-border-width) solid var(--jp-border-color1);
  border-radius: 2px;
  background: var(--jp-layout-color2);
  color: var(--jp-ui-font-color0);
  font-family: inherit;
  font-size: var(--jp-ui-font-size0);
  cursor: pointer;
}

.ao-button:hover {
  background: var(--jp-layout-color3);
}

.ao-button:disabled {
  opacity: 0.6;
  cursor: default;
}

.ao-link {
  padding: 0;
  border: none;
  background: none;
  color: var(--jp-content-link-color, var(--jp-brand-color1));
  font: inherit;
  text-decoration: underline;
  cursor: pointer;
  overflow-wrap: anywhere;
  text-align: left;
}

/* Texts */

.ao-note {
  margin: 4px 0;
  color: var(--jp-ui-font-color2);
  font-size: var(--jp-ui-font-size0);
  overflow-wrap: anywhere;
}

/* A long text is laid out once: whether it needs a scroll bar is not tried. */
.ao-text {
  contain: content;
  max-height: 30vh;
  margin: 0;
  padding: 6px 8px;
  overflow: hidden scroll;
  background: var(--jp-layout-color2);
  color: var(--jp-content-font-color1);
  font-family: var(--jp-code-font-family);
  font-size: var(--jp-code-font-size);
  overflow-wrap: anywhere;
  white-space: pre-wrap;
}

.ao-about {
  display: grid;
  grid-template-columns: max-content 1fr;
  gap: 2px 12px;
  margin: 0;
}

.ao-about dt {
  color: var(--jp-ui-font-color2);
}

.ao-about dd {
  margin: 0;
  min-width: 0;
}

.ao-clock {
  display: flex;
  flex-wrap: wrap;
  align-items: baseline;
  justify-content: space-between;
  gap: 0 12px;
  white-space: nowrap;
  margin: 0;
}

.ao-clock-time {
  color: var(--jp-ui-font-color1);
  font-size: var(--jp-ui-font-size1);
}

/* The status bar */

.ao-status {
  display: flex;
  align-items: center;
  gap: 6px;
  height: 100%;
  padding: 0 6px;
  border: none;
  background: none;
  color: inherit;
  font: inherit;
  cursor: pointer;
}

.ao-status:hover {
  background: var(--jp-layout-color3);
}

.ao-dot {
  width: 8px;
  height: 8px;
  border-radius: 50%;
  background: var(--jp-success-color1);
}

.ao-status.ao-working .ao-dot {
  background: none;
  box-shadow: inset 0 0 0 2px var(--jp-warn-color1);
}

/* The card of a result */

.ao-result {
  padding: 4px 0;
  color: var(--jp-content-font-color1);
  font-family: var(--jp-content-font-family);
  font-size: var(--jp-content-font-size1);
}

.ao-result summary {
  display: flex;
  gap: 4px;
  width: fit-content;
  padding-right: 6px;
  cursor: pointer;
  list-style: none;
}

.ao-result > details > summary {
  font-weight: 600;
}

.ao-result-wide {
  overflow-x: auto;
}

.ao-result table {
  margin: 4px 0 0 12px;
  border: none;
  border-collapse: collapse;
  font-size: var(--jp-ui-font-size1);
}

.ao-result th,
.ao-result td {
  min-width: 4em;
  max-width: 320px;
  padding: 3px 12px 3px 0;
  border: none;
  text-align: left;
  vertical-align: top;
  overflow-wrap: anywhere;
}

.ao-result th {
  white-space: nowrap;
  color: var(--jp-ui-font-color2);
  font-weight: 400;
  border-bottom: var(--jp-border-width) solid var(--jp-border-color2);
}

.ao-result td .ao-link {
  overflow-wrap: normal;
}

.ao-result td .ao-link bdi {
  overflow-wrap: normal;
}

.ao-result td.ao-data {
  display: table-cell;
  white-space: normal;
}

.ao-result .ao-failed td:last-child {
  color: var(--jp-error-color1);
  font-weight: 600;
}

.ao-result .ao-note {
  margin-left: 12px;
}

/* Marks in cells */

.cm-editor .ao-global {
  color: var(--jp-mirror-editor-builtin-color);
}

.cm-editor .ao-magic,
.cm-editor .ao-magic span {
  color: var(--jp-mirror-editor-meta-color);
}

.cm-editor .ao-magic-name,
.cm-editor .ao-magic-name span {
  color: var(--jp-mirror-editor-keyword-color);
  font-weight: bold;
}
`,""]),a.d(e,{},{A:i})},27(o){o.exports=function(o){var e=[];return e.toString=function(){return this.map(function(e){var a="",r=void 0!==e[5];return e[4]&&(a+="@supports (".concat(e[4],") {")),e[2]&&(a+="@media ".concat(e[2]," {")),r&&(a+="@layer".concat(e[5].length>0?" ".concat(e[5]):""," {")),a+=o(e),r&&(a+="}"),e[2]&&(a+="}"),e[4]&&(a+="}"),a}).join("")},e.i=function(o,a,r,t,n){"string"==typeof o&&(o=[[null,o,void 0]]);var i={};if(r)for(var l=0;l<this.length;l++){var p=this[l][0];null!=p&&(i[p]=!0)}for(var s=0;s<o.length;s++){var c=[].concat(o[s]);r&&i[c[0]]||(void 0!==n&&(void 0===c[5]||(c[1]="@layer".concat(c[5].length>0?" ".concat(c[5]):""," {").concat(c[1],"}")),c[5]=n),a&&(c[2]&&(c[1]="@media ".concat(c[2]," {").concat(c[1],"}")),c[2]=a),t&&(c[4]?(c[1]="@supports (".concat(c[4],") {").concat(c[1],"}"),c[4]=t):c[4]="".concat(t)),e.push(c))}},e}},26(o){o.exports=function(o){return o[1]}},19(o){var e=[];function a(o){for(var a=-1,r=0;r<e.length;r++)if(e[r].identifier===o){a=r;break}return a}function r(o,r){for(var t={},n=[],i=0;i<o.length;i++){var l=o[i],p=r.base?l[0]+r.base:l[0],s=t[p]||0,c="".concat(p," ").concat(s);t[p]=s+1;var d=a(c),u={css:l[1],media:l[2],sourceMap:l[3],supports:l[4],layer:l[5]};if(-1!==d)e[d].references++,e[d].updater(u);else{var f=function(o,e){var a=e.domAPI(e);return a.update(o),function(e){e?(e.css!==o.css||e.media!==o.media||e.sourceMap!==o.sourceMap||e.supports!==o.supports||e.layer!==o.layer)&&a.update(o=e):a.remove()}}(u,r);r.byIndex=i,e.splice(i,0,{identifier:c,updater:f,references:1})}n.push(c)}return n}o.exports=function(o,t){var n=r(o=o||[],t=t||{});return function(o){o=o||[];for(var i=0;i<n.length;i++){var l=a(n[i]);e[l].references--}for(var p=r(o,t),s=0;s<n.length;s++){var c=a(n[s]);0===e[c].references&&(e[c].updater(),e.splice(c,1))}n=p}}},21(o){var e={};o.exports=function(o,a){var r=function(o){if(void 0===e[o]){var a=document.querySelector(o);if(window.HTMLIFrameElement&&a instanceof window.HTMLIFrameElement)try{a=a.contentDocument.head}catch(o){a=null}e[o]=a}return e[o]}(o);if(!r)throw Error("Couldn't find a style target. This probably means that the value for the 'insert' parameter is invalid.");r.appendChild(a)}},23(o){o.exports=function(o){var e=document.createElement("style");return o.setAttributes(e,o.attributes),o.insert(e,o.options),e}},22(o,e,a){o.exports=function(o){var e=a.nc;e&&o.setAttribute("nonce",e)}},20(o){o.exports=function(o){if("u"<typeof document)return{update:function(){},remove:function(){}};var e=o.insertStyleElement(o);return{update:function(a){var r,t,n;r="",a.supports&&(r+="@supports (".concat(a.supports,") {")),a.media&&(r+="@media ".concat(a.media," {")),(t=void 0!==a.layer)&&(r+="@layer".concat(a.layer.length>0?" ".concat(a.layer):""," {")),r+=a.css,t&&(r+="}"),a.media&&(r+="}"),a.supports&&(r+="}"),(n=a.sourceMap)&&"u">typeof btoa&&(r+="\n/*# sourceMappingURL=data:application/json;base64,".concat(btoa(unescape(encodeURIComponent(JSON.stringify(n))))," */")),o.styleTagTransform(r,e,o.options)},remove:function(){var o;null===(o=e).parentNode||o.parentNode.removeChild(o)}}}},24(o){o.exports=function(o,e){if(e.styleSheet)e.styleSheet.cssText=o;else{for(;e.firstChild;)e.removeChild(e.firstChild);e.appendChild(document.createTextNode(o))}}},18(o,e,a){var r=a(19),t=a.n(r),n=a(20),i=a.n(n),l=a(21),p=a.n(l),s=a(22),c=a.n(s),d=a(23),u=a.n(d),f=a(24),v=a.n(f),m=a(25),h={};h.styleTagTransform=v(),h.setAttributes=c(),h.insert=p().bind(null,"head"),h.domAPI=i(),h.insertStyleElement=u(),t()(m.A,h),m.A&&m.A.locals&&m.A.locals}}]);