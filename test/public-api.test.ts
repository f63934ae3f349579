import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import * as library from '../lib';
import { PUBLIC_API } from './support/reviewed-api';

type Declaration = ts.ClassDeclaration | ts.InterfaceDeclaration | ts.EnumDeclaration;
type Member = ts.ClassElement | ts.TypeElement | ts.EnumMember;

interface Exported {
  /** With its submodule: `mixins.RequireEncryption`. */
  readonly name: string;
  readonly declaration: ts.Statement;
}

/** Follows the export lines of an index file, as the compiler would; anything else in one is not understood. */
function exportsOf(path: string, prefix = ''): Exported[] {
  const source = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.ES2022, true);
  return source.statements.flatMap((statement): Exported[] => {
    if (ts.isExportDeclaration(statement)) {
      const target = join(dirname(path), (statement.moduleSpecifier as ts.StringLiteral).text);
      const submodule =
        statement.exportClause && ts.isNamespaceExport(statement.exportClause) ? `${statement.exportClause.name.text}.` : '';
      return exportsOf(ts.sys.fileExists(`${target}.ts`) ? `${target}.ts` : join(target, 'index.ts'), prefix + submodule);
    }
    const isExported =
      ts.canHaveModifiers(statement) && ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
    return isExported ? [{ name: prefix + ((statement as Declaration).name?.text ?? '?'), declaration: statement }] : [];
  });
}

const EXPORTS = exportsOf(join(__dirname, '..', 'lib', 'index.ts'));

const isDeclaration = (node: ts.Node): node is Declaration =>
  ts.isClassDeclaration(node) || ts.isInterfaceDeclaration(node) || ts.isEnumDeclaration(node);

/** Members that consumers see; `@internal` ones are stripped by jsii. */
function membersOf(declaration: Declaration): Member[] {
  return [...(declaration.members as Iterable<Member>)].filter((member) => {
    const isPrivate = ts.getCombinedModifierFlags(member as ts.ClassElement) & (ts.ModifierFlags.Private | ts.ModifierFlags.Protected);
    return !isPrivate && !ts.getJSDocTags(member).some(({ tagName }) => tagName.text === 'internal');
  });
}

/** As it is written, on one line, without body, comments, and modifiers that say nothing here. */
function signatureOf(member: Member): string {
  const { text } = member.getSourceFile();
  const body = 'body' in member && member.body ? (member.body as ts.Node).getStart() : member.getEnd();
  const line = text.slice(member.getStart(), body).replace(/\s+/g, ' ');
  const plain = line.replace(/\b(public|override|readonly|private) /g, '').replace(/^get (\w+)\(\)/, '$1');
  return plain
    .replace(/([({]) /g, '$1')
    .replace(/,? ([)}])/g, '$1')
    .replace(/[;,]? ?$/, '');
}

function headOf(name: string, declaration: Declaration): string {
  if (ts.isEnumDeclaration(declaration)) return `enum ${name}`;
  const kind = ts.isClassDeclaration(declaration) ? 'class' : 'interface';
  return [`${kind} ${name}`, ...(declaration.heritageClauses ?? []).map((clause) => clause.getText())].join(' ');
}

const DECLARATIONS = EXPORTS.flatMap(({ name, declaration }) => (isDeclaration(declaration) ? [{ name, declaration }] : []));

const MEMBERS = DECLARATIONS.flatMap(({ name, declaration }) =>
  membersOf(declaration).map((member) => ({ name: `${name}.${member.name?.getText() ?? 'constructor'}`, member })),
);

const hasDocs = (node: ts.Node) => ts.getJSDocCommentsAndTags(node).length > 0;

test('the public API is the reviewed one', () => {
  const api = DECLARATIONS.map(({ name, declaration }) => [headOf(name, declaration), membersOf(declaration).map(signatureOf)]);
  expect(Object.fromEntries(api)).toEqual(PUBLIC_API);
});

describe('what is exported', () => {
  test('is classes, interfaces and enums: other languages see nothing else', () => {
    expect(EXPORTS.filter(({ declaration }) => !isDeclaration(declaration)).map(({ name }) => name)).toEqual([]);
  });

  test('is there at run time', () => {
    const names = (module: object) => Object.keys(module).sort();
    expect(names(library)).toEqual([
      'AlertTopic',
      'ClientSideFormat',
      'CrossAccountKey',
      'EncryptedBucket',
      'EncryptionCanary',
      'EncryptionDigest',
      'EncryptionEnforcer',
      'EncryptionMonitoring',
      'EnforcementAction',
      'EventSource',
      'KeyAuditTrail',
      'KeyUse',
      'KmsQuotaIncrease',
      'KmsQuotaMonitor',
      'MinimumTlsVersion',
      'ObjectEncryption',
      'QuarantineRelease',
      'SharedKey',
      'TamperAlerts',
      'mixins',
    ]);
    expect(names(library.mixins)).toEqual(['RequireEncryption']);
  });

  test('has no types that other languages cannot tell apart', () => {
    const weak = (node: ts.Node): boolean =>
      (ts.isUnionTypeNode(node) && node.types.filter(({ kind }) => kind !== ts.SyntaxKind.UndefinedKeyword).length > 1) ||
      [ts.SyntaxKind.AnyKeyword, ts.SyntaxKind.UnknownKeyword, ts.SyntaxKind.TypeLiteral, ts.SyntaxKind.FunctionType].includes(node.kind);
    const signatureNodes = (node: ts.Node): ts.Node[] =>
      ts.isBlock(node) ? [] : [node, ...node.getChildren().flatMap((child) => signatureNodes(child))];
    expect(MEMBERS.filter(({ member }) => signatureNodes(member).some(weak)).map(({ name }) => name)).toEqual([]);
  });

  test('cannot be assigned to: every property is readonly', () => {
    const properties = MEMBERS.filter(({ member }) => ts.isPropertyDeclaration(member) || ts.isPropertySignature(member));
    expect(properties.length).toBeGreaterThan(20);
    const writable = properties.filter(
      ({ member }) => !(ts.getCombinedModifierFlags(member as ts.ClassElement) & ts.ModifierFlags.Readonly),
    );
    expect(writable.map(({ name }) => name)).toEqual([]);
  });

  test('is documented, but for constructors and what the CDK documents', () => {
    const isOverride = (member: Member) =>
      ts.canHaveModifiers(member) && ts.getModifiers(member)?.some(({ kind }) => kind === ts.SyntaxKind.OverrideKeyword);
    const members = MEMBERS.filter(({ member }) => !ts.isConstructorDeclaration(member) && !isOverride(member));
    const bare = [...members.filter(({ member }) => !hasDocs(member)), ...DECLARATIONS.filter(({ declaration }) => !hasDocs(declaration))];
    expect(bare.map(({ name }) => name)).toEqual([]);
  });

  test('says of each optional prop what happens without it', () => {
    const optional = MEMBERS.filter(({ member }) => ts.isPropertySignature(member) && member.questionToken);
    const silent = optional.filter(({ member }) => !ts.getJSDocTags(member).some(({ tagName }) => tagName.text === 'default'));
    expect(optional.length).toBeGreaterThan(10);
    expect(silent.map(({ name }) => name)).toEqual([]);
  });
});

test('actions are stored under names that do not change', () => {
  expect({ ...library.EnforcementAction }).toEqual({ REPORT: 'report', TAG: 'tag', QUARANTINE: 'quarantine', REENCRYPT: 'reencrypt' });
});

test.each([
  ['SSE-S3', library.ObjectEncryption.sseS3()],
  ['SSE-KMS', library.ObjectEncryption.sseKms()],
  ['DSSE-KMS', library.ObjectEncryption.dsseKms()],
  ['SSE-C', library.ObjectEncryption.sseC()],
  ['client-side', library.ObjectEncryption.clientSide()],
])('%s goes by the name that AWS prints', (name, { schemeName }) => {
  expect(schemeName).toBe(name);
});
