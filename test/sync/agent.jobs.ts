import { currentAgent } from '../../src/sync/agent.ts'
import { serve } from '../threads.ts'

const jobs = { tell: (): number => currentAgent() }

export type Jobs = typeof jobs
serve(jobs)
