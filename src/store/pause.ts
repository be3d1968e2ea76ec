/**
 * A pause: what happens between an operation's read and its write. In a server that is the time the request's own work takes;
 * in the lab it is the gap that makes a race wide enough to see. The sound operations are sound whatever happens in it.
 */
export type Pause = () => void

export const noPause: Pause = () => {}
