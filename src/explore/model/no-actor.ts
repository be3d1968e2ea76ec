/** Stands for an actor where no actor takes the next step. Actors are numbered from 0. */
export const NO_ACTOR = -1
