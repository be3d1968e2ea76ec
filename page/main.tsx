/** The entry of the page. */
import './node/globals.ts'
import { render } from 'preact'
import { STYLE } from '../src/html/style.ts'
import { Shell } from './shell.tsx'
import './page.css'

document.head.append(Object.assign(document.createElement('style'), { textContent: STYLE }))
// Each section is loaded when it is opened first.
const sections = {
  run: async () => (await import('./run/section.tsx')).Run,
  explore: async () => (await import('./explore/section.tsx')).Explore,
  play: async () => (await import('./play/section.tsx')).Play,
  learn: async () => (await import('./learn/section.tsx')).Learn,
}
render(<Shell sections={sections} />, document.body)
