/** Colours, or their absence: what prints decides, what formats only uses them. */
import pc from 'picocolors'

export type Colours = ReturnType<typeof pc.createColors>

/** Undefined must not pass for "as the environment says": an environment that says CI would have colours in files. */
export function colours(enabled: boolean | undefined): Colours {
  return pc.createColors(enabled === true)
}
