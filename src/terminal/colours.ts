/** Colours, or their absence: what prints decides, what formats only uses them. */
import pc from 'picocolors'

export type Colours = ReturnType<typeof pc.createColors>

/** Undefined must not pass for "as the environment says": an environment that says CI would have colours in files. */
export function colours(enabled: boolean | undefined): Colours {
  return pc.createColors(enabled === true)
}

/** The colour of a thread or an actor, by its number: the same in every table. Red, green and yellow mean something. */
export function laneColour(paint: Colours, lane: number): (text: string) => string {
  const lanes = [paint.cyan, paint.magenta, paint.blue, paint.cyanBright, paint.magentaBright, paint.blueBright]
  return lanes[lane % lanes.length] as (text: string) => string
}
