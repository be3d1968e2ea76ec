import { testPrograms } from './random.ts'

testPrograms(4, 0.35)
