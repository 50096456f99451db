import { NodeApiError, NodeOperationError } from 'n8n-workflow';
import type { IDataObject, INode, JsonObject } from 'n8n-workflow';

/** What of problem+json (RFC 9457) a person or a workflow needs. */
export interface Problem {
	status: number;
	code?: string;
	detail?: string;
	field?: string;
	fix?: string;
	request_id?: string;
}

const KEPT = ['code', 'detail', 'field', 'fix', 'request_id'] as const;
const SECRET = /\b(yte|ytr)_[A-Za-z0-9_-]+|\bwhsec_[A-Za-z0-9+/=_-]+|Bearer\s+[\w.~+/=-]+/g;

/** Only these fields are taken over: an answer, or an error of n8n's own, may repeat what was sent. */
export function problemOf(status: number, body: unknown): Problem {
	const problem: Problem = { status };
	if (typeof body !== 'object' || body === null) return problem;
	for (const name of KEPT) {
		const value = (body as IDataObject)[name];
		if (typeof value === 'string' && value !== '') problem[name] = withoutSecrets(value);
	}
	return problem;
}

/** YTEMPIRE answered, and said no. */
export function refused(node: INode, problem: Problem, itemIndex?: number): NodeApiError {
	const message = problem.detail ?? `YTEMPIRE answered ${problem.status}`;
	const description = [problem.fix, problem.field && `Field: ${problem.field}`, problem.code && `Code: ${problem.code}`]
		.filter(Boolean)
		.join('. ');
	return made(node, problem, message, description, itemIndex);
}

/** Nobody answered: refused, timed out, an unknown host. What n8n's error holds besides (headers!) stays behind. */
export function unreachable(node: INode, baseUrl: string, error: unknown, itemIndex?: number): NodeApiError {
	const cause = error as { code?: unknown; message?: unknown; cause?: { code?: unknown } };
	const code = cause.code ?? cause.cause?.code;
	const why = withoutSecrets(String(code ?? cause.message ?? 'no answer'));
	return made(
		node,
		{ status: 0, code: 'unreachable', detail: why },
		`YTEMPIRE can't be reached at ${baseUrl}: ${why}`,
		'Is it running (ytempire up), and is this the base URL in the credential?',
		itemIndex,
	);
}

function made(node: INode, problem: Problem, message: string, description: string, itemIndex?: number) {
	const error = new NodeApiError(node, { ...problem } as unknown as JsonObject, {
		message,
		description,
		httpCode: problem.status ? String(problem.status) : undefined,
		itemIndex,
	});
	// n8n exchanges the words of well-known failures for its own, which name no cause
	error.message = message;
	error.description = description;
	error.context.problem = { ...problem };
	return error;
}

export function problemIn(error: unknown): Problem | undefined {
	return error instanceof NodeApiError ? (error.context.problem as Problem | undefined) : undefined;
}

/** What an item becomes whose node goes on in spite of its error. n8n moves items of just these fields to the
 * error output and puts them together with the input item there. */
export function failure(error: unknown): IDataObject {
	const problem = problemIn(error);
	const message = withoutSecrets(error instanceof Error ? error.message : String(error));
	return problem ? { error: message, details: { ...problem } } : { error: message };
}

/** Errors of this package as they are, others in n8n's wrapping. */
export function asNodeError(node: INode, error: unknown, itemIndex: number): NodeApiError | NodeOperationError {
	if (error instanceof NodeApiError || error instanceof NodeOperationError) return error;
	return new NodeOperationError(node, withoutSecrets(error instanceof Error ? error.message : String(error)), {
		itemIndex,
	});
}

export function withoutSecrets(text: string): string {
	return text.replace(SECRET, '…');
}
