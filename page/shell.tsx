/** The frame around the sections: navigation, and a word where the browser shares no memory. */
import type { ComponentType } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { hashOf, routeOf, SECTIONS } from './route.ts'
import type { Route, Section } from './route.ts'

/** What a section gets: the state in the address with which it was opened. */
export interface SectionProps {
  readonly state: URLSearchParams
}

type Sections = Readonly<Record<Section, () => Promise<ComponentType<SectionProps>>>>

export function Shell({ sections }: { readonly sections: Sections }) {
  const [route, setRoute] = useState<Route>(() => routeOf(location.hash))
  const [shown, setShown] = useState<{ readonly section: Section; readonly View: ComponentType<SectionProps> }>()
  useEffect(() => {
    const follow = (): void =>
      setRoute((before) => (hashOf(before) === location.hash ? before : routeOf(location.hash)))
    addEventListener('hashchange', follow)
    // The address may have changed before this effect.
    follow()
    return () => removeEventListener('hashchange', follow)
  }, [])
  const { section, state } = route
  useEffect(() => void sections[section]().then((View) => setShown({ section, View })), [section])
  return (
    <>
      <header>
        <button type="button" class="skip" onClick={() => document.querySelector('main')?.focus()}>
          Skip to the content
        </button>
        <strong class="brand">racelab</strong>
        <nav aria-label="Sections">
          {SECTIONS.map((name) => (
            <a href={`#/${name}`} aria-current={name === section ? 'page' : undefined}>
              {name}
            </a>
          ))}
        </nav>
      </header>
      <main id="main" tabIndex={-1}>
        {globalThis.crossOriginIsolated ? undefined : <NotIsolated />}
        {shown?.section === section ? <shown.View key={state.toString()} state={state} /> : <p>Loading …</p>}
      </main>
    </>
  )
}

function NotIsolated() {
  return (
    <p role="alert" class="alert">
      This browser shares no memory between workers here, because the page was not served with the headers{' '}
      <code>Cross-Origin-Opener-Policy: same-origin</code> and <code>Cross-Origin-Embedder-Policy: require-corp</code>.
      Open it with <code>npx racelab page</code>.
    </p>
  )
}
