import { basename } from 'node:path';
import { CfnGuardValidator } from '@cdklabs/cdk-validator-cfnguard';
import { type App, CfnResource, type IPolicyValidationPlugin, type PolicyViolation, Stack } from 'aws-cdk-lib';
import {
  AwsSolutionsChecks,
  HIPAASecurityChecks,
  type NagPack,
  NIST80053R4Checks,
  NIST80053R5Checks,
  PCIDSS321Checks,
  ServerlessChecks,
} from 'cdk-nag';

/** One complaint about one resource. */
export interface Finding {
  /** As an acknowledgement must spell it. */
  readonly id: string;
  /** Of the resource. */
  readonly path: string;
}

const PACKS = [AwsSolutionsChecks, HIPAASecurityChecks, NIST80053R4Checks, NIST80053R5Checks, PCIDSS321Checks, ServerlessChecks];

export function nagPacks(app: App): NagPack[] {
  return PACKS.map((Pack) => new Pack(app));
}

/** All that the judges may say of an app: for `Validations.of(app).addPlugins()`. */
export function judges(app: App): IPolicyValidationPlugin[] {
  return [...nagPacks(app), new CfnGuardValidator()];
}

/** What they say of an app that acknowledges nothing. Synthesises it. */
export function findingsOf(app: App): Finding[] {
  const assembly = app.synth();
  const templatePaths = assembly.stacks.map(({ templateFullPath }) => templateFullPath);
  const guard = new CfnGuardValidator();
  const byNag = nagPacks(app).flatMap((pack) =>
    each(
      pack.validateScope(app).violations,
      (id) => id,
      () => '',
    ),
  );
  const paths = pathsByPlace(app);
  const context = { templatePaths } as unknown as Parameters<typeof guard.validate>[0];
  const byGuard = each(
    guard.validate(context).violations,
    (rule) => `${guard.name}::${rule}`,
    (place) => paths.get(place) ?? `no resource ${place}`,
  );
  return [...byNag, ...byGuard];
}

function each(violations: readonly PolicyViolation[], idOf: (rule: string) => string, pathOf: (place: string) => string): Finding[] {
  return violations.flatMap(({ ruleName, violatingResources }) =>
    violatingResources.map(({ constructPath, resourceLogicalId = '', templatePath = '' }) => ({
      id: idOf(ruleName),
      path: constructPath ?? pathOf(placeOf(basename(templatePath), resourceLogicalId)),
    })),
  );
}

/** Stacks may have resources of the same logical id. */
function placeOf(templateFile: string, logicalId: string): string {
  return `${templateFile} ${logicalId}`;
}

function pathsByPlace(app: App): Map<string, string> {
  const resources = app.node.findAll().filter((construct) => CfnResource.isCfnResource(construct));
  return new Map(
    resources.map((resource) => {
      const stack = Stack.of(resource);
      return [placeOf(stack.templateFile, String(stack.resolve(resource.logicalId))), resource.node.path];
    }),
  );
}
