import { answerCases } from './answer-cases.ts';
import { compareAnswers, type AnswerCase } from './answers.ts';
import type { Target } from './campaign.ts';
import { requestCases } from './request-cases.ts';
import { compareRequests, type RequestCase } from './requests.ts';

/** The fast lane against `node:http`. */
export const REQUEST_TARGET: Target<RequestCase> = { cases: requestCases, compare: compareRequests };

/** The parser of upstream answers against `node:http`. */
export const ANSWER_TARGET: Target<AnswerCase> = { cases: answerCases, compare: compareAnswers };
