/** Colours for text on a terminal. The caller that prints decides whether there are colours; formatting code only uses them. */
import pc from 'picocolors'

export type Colours = ReturnType<typeof pc.createColors>

/**
 * Returns functions that colour text, or that leave it unchanged if `enabled` is false or undefined. Picocolors would take
 * undefined to mean "as the environment says", and with the variable CI set, files would have colours.
 */
export function colours(enabled: boolean | undefined): Colours {
  return pc.createColors(enabled === true)
}

/** Returns the colour of a thread or an actor, by its number. Red, green and yellow are not used: they have meanings. */
export function laneColour(paint: Colours, lane: number): (text: string) => string {
  const lanes = [paint.cyan, paint.magenta, paint.blue, paint.cyanBright, paint.magentaBright, paint.blueBright]
  return lanes[lane % lanes.length] as (text: string) => string
}
