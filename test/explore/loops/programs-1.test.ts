import { testPrograms } from './random.ts'

testPrograms(1, 0.05)
