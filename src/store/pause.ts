/**
 * A function that an operation calls between its read and its write. In a server this is the time that the request's own work
 * takes; the lab makes it long, so that a race happens often enough to see. The operations are correct with any pause.
 */
export type Pause = () => void

/** The pause that does nothing. */
export const noPause: Pause = () => {}
