/** Options that do not fit together. */
import { RacelabError } from '../../src/errors.ts'

export class NothingToPlotError extends RacelabError {
  readonly code = 'ERR_RACELAB_NOTHING_TO_PLOT'

  /** `plotted` names the questions that have plots. */
  constructor(plotted: string) {
    super(`--svg writes plots, and this run has none. Ask for a question that has plots: ${plotted}.`)
  }
}

export class PeersAndQuestionsError extends RacelabError {
  readonly code = 'ERR_RACELAB_PEERS_AND_QUESTIONS'

  constructor() {
    super('--peers takes no questions: it measures the peers only. Leave out the names, or --peers.')
  }
}
