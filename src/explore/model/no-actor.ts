/** The answer when no actor is to take the next step. Actors are numbered from 0. */
export const NO_ACTOR = -1
