import { MEMBER_ROLE } from '../lambda/contract/member.ts';
import type { MemberRole } from './member-role.ts';

/** The shell asks AWS where nobody said which organization it is. */
const ASK = '"$(aws organizations describe-organization --query Organization.Id --output text)"';

/** The command that writes the template of a member. Its values need no quotation marks: they were checked. */
export function memberTemplateCommand({ name, hub, trustedRole, organization, externalId }: MemberRole): string {
  const trusted = organization ?? (externalId === undefined ? ASK : undefined);
  return [
    `npm run --silent member-template -- --hub ${hub} --trusted-role ${trustedRole}`,
    ...(trusted === undefined ? [] : [`--organization ${trusted}`]),
    ...(externalId === undefined ? [] : [`--external-id ${externalId}`]),
    ...(name === MEMBER_ROLE ? [] : [`--role-name ${name}`]),
    '> member.json',
  ].join(' ');
}
