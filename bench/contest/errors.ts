/** What can be asked for that makes no sense. */
import { RacelabError } from '../../src/errors.ts'

export class PeersAndQuestionsError extends RacelabError {
  readonly code = 'ERR_RACELAB_PEERS_AND_QUESTIONS'

  constructor() {
    super('--peers takes no questions: it holds its own contests. Leave the names out, or --peers.')
  }
}
