// What n8n itself would say of workflows, without starting it: unknown types and versions, missing or wrong parameters,
// credentials that a node doesn't take or lacks. Reads {modules, nodes, excluded, workflows: {file: workflow}} as JSON
// from its input, writes [{file, node, problem}].
'use strict';

const { createRequire } = require('node:module');
const { readFileSync } = require('node:fs');
const { join } = require('node:path');

const given = JSON.parse(readFileSync(0, 'utf8'));
const { NodeHelpers } = createRequire(join(given.modules, 'n8n', 'package.json'))('n8n-workflow');

const types = new Map();
function learn(name, description) {
	types.set(name, [...(types.get(name) ?? []), description]);
}
for (const pack of ['n8n-nodes-base', '@n8n/n8n-nodes-langchain']) {
	const all = JSON.parse(readFileSync(join(given.modules, pack, 'dist', 'types', 'nodes.json'), 'utf8'));
	for (const description of all) learn(`${pack}.${description.name}`, description);
}
if (given.nodes) {
	// our package asks for n8n-workflow, which lies among n8n's modules
	process.env.NODE_PATH = given.modules;
	require('node:module').Module._initPaths();
	const { name, n8n } = JSON.parse(readFileSync(join(given.nodes, 'package.json'), 'utf8'));
	for (const file of n8n.nodes) {
		const found = Object.values(require(join(given.nodes, file))).find((one) => typeof one === 'function');
		const { description } = new found();
		learn(`${name}.${description.name}`, description);
	}
}
for (const name of given.excluded) types.delete(name);

const problems = [];
for (const [file, workflow] of Object.entries(given.workflows)) {
	for (const node of workflow.nodes) {
		const say = (problem) => problems.push({ file, node: node.name, problem });
		const descriptions = types.get(node.type);
		if (!descriptions) {
			say(`the type ${node.type} is unknown, or excluded`);
			continue;
		}
		const description = descriptions.find(({ version }) => [version].flat().includes(node.typeVersion));
		if (!description) {
			say(`${node.type} has no version ${node.typeVersion}`);
			continue;
		}
		const parameters =
			NodeHelpers.getNodeParameters(description.properties, node.parameters, true, false, node, description) ?? {};
		const whole = { ...node, parameters };
		const issues = NodeHelpers.getNodeParametersIssues(description.properties, whole, description);
		for (const [name, texts] of Object.entries(issues?.parameters ?? {})) say(`${name}: ${texts.join(' ')}`);
		const kept = NodeHelpers.getNodeParameters(description.properties, node.parameters, false, false, node, description);
		for (const name of Object.keys(node.parameters)) {
			if (!description.properties.some((property) => property.name === name)) say(`${name}: no such parameter`);
			else if (!(name in parameters) && !(name in (kept ?? {}))) say(`${name}: not of use with the others`);
		}
		for (const property of description.properties) {
			const value = parameters[property.name];
			if (property.type !== 'options' || property.typeOptions?.loadOptionsMethod || property.typeOptions?.loadOptions) continue;
			if (!NodeHelpers.displayParameter(parameters, property, whole, description)) continue;
			const choices = (property.options ?? []).map((one) => one.value);
			if (value === undefined || String(value).startsWith('=') || choices.includes(value)) continue;
			say(`${property.name}: ${JSON.stringify(value)} is none of its choices: ${choices.join(', ')}`);
		}
		const takes = (description.credentials ?? []).filter((one) =>
			NodeHelpers.displayParameter(parameters, one, whole, description),
		);
		const chosen = [parameters.genericAuthType, parameters.nodeCredentialType].filter(Boolean);
		for (const type of Object.keys(node.credentials ?? {})) {
			if (!takes.some(({ name }) => name === type) && !chosen.includes(type)) say(`takes no credential ${type}`);
		}
		const required = [...takes.filter((one) => one.required).map(({ name }) => name), ...chosen];
		for (const type of required) if (!node.credentials?.[type]) say(`lacks its credential ${type}`);
	}
}
process.stdout.write(JSON.stringify(problems));
