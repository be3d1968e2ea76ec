/** The page's address: a section, and the state of it, all behind the `#`, so that a server sees none of it. */
export const SECTIONS = ['run', 'explore', 'play', 'learn'] as const
export type Section = (typeof SECTIONS)[number]

export interface Route {
  readonly section: Section
  /** The state of the section, by name. */
  readonly state: URLSearchParams
}

/** Returns what the address names; the first section if it names none. */
export function routeOf(hash: string): Route {
  const [name = '', state = ''] = hash.replace(/^#\/?/, '').split('?')
  const section = SECTIONS.find((each) => each === name) ?? SECTIONS[0]
  return { section, state: new URLSearchParams(state) }
}

/** Returns the part of an address from the `#` on. */
export function hashOf({ section, state }: Route): string {
  const text = state.toString()
  return `#/${section}${text === '' ? '' : `?${text}`}`
}

/** Puts the state of a section into the address, without a new entry in the history. */
export function keepState(section: Section, state: Readonly<Record<string, string | undefined>>): void {
  const kept = Object.entries(state).filter((entry): entry is [string, string] => entry[1] !== undefined)
  history.replaceState(null, '', hashOf({ section, state: new URLSearchParams(kept) }))
}
