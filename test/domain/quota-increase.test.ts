import { decideQuotaIncrease } from '../../lib/domain/quota-increase';

const request = (status: string, desiredValue: number) => ({ status, desiredValue });

test.each([
  ['nobody asked before', 10_000, [], 'ask'],
  ['AWS refused before', 10_000, [request('DENIED', 50_000), request('NOT_APPROVED', 50_000)], 'ask'],
  ['a case was closed, and the quota is what it was', 10_000, [request('CASE_CLOSED', 50_000)], 'ask'],
  ['the request was wrong before', 10_000, [request('INVALID_REQUEST', 50_000)], 'ask'],
  ['AWS granted less before', 20_000, [request('APPROVED', 20_000)], 'ask'],
  ['a status that nobody knows yet', 10_000, [request('SOMETHING_NEW', 50_000)], 'ask'],
  ['the account has it', 50_000, [], 'enough-already'],
  ['the account has more', 100_000, [], 'enough-already'],
  ['the account has it, and a request for more is open', 50_000, [request('PENDING', 80_000)], 'enough-already'],
  ['the same was asked', 10_000, [request('PENDING', 50_000)], 'asked-already'],
  ['the same was asked, and is a case', 10_000, [request('CASE_OPENED', 50_000)], 'asked-already'],
  ['more was asked', 10_000, [request('DENIED', 50_000), request('CASE_OPENED', 80_000)], 'asked-already'],
  ['less was asked, and AWS takes one request at a time', 10_000, [request('PENDING', 20_000)], 'another-request-is-open'],
])('50,000 are wanted; %s', (_, applied, earlier, decision) => {
  expect(decideQuotaIncrease({ wanted: 50_000, applied, earlier })).toBe(decision);
});
