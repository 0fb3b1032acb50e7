import type { CloudAssistantStatus, Instance, Tag } from '../core/service/model';
import { isRecord, present } from '../core/kernel/objects';
import { flag, missing, objects, text, type ReplyFields } from './decodeFields';
import type { ApiReply } from './pipeline';

/** One page of DescribeInstances. */
export interface InstancePage {
  readonly instances: readonly Instance[];
  /** Absent on the last page. */
  readonly nextToken: string | undefined;
}

/** Throws BackupError `unexpected-reply` when the list is missing: no instances would be a lie. */
export function decodeInstancePage(reply: ApiReply): InstancePage {
  const instances = objects(reply.body['Instances'], 'Instance');
  if (instances === undefined) throw missing('Instances', reply);
  return { instances: instances.flatMap(decodeInstance), nextToken: text(reply.body['NextToken']) };
}

function decodeInstance(from: ReplyFields): Instance[] {
  const instanceId = text(from['InstanceId']);
  if (instanceId === undefined) return [];
  const vpc = isRecord(from['VpcAttributes']) ? from['VpcAttributes'] : {};
  return [
    present<Instance>({
      instanceId,
      instanceName: text(from['InstanceName']),
      hostName: text(from['HostName']),
      status: text(from['Status']) ?? '',
      zoneId: text(from['ZoneId']),
      vpcId: text(vpc['VpcId']),
      osType: text(from['OSType'])?.toLowerCase(),
      // Of a classic network it is the inner one.
      privateIps: [...addressesIn(vpc['PrivateIpAddress']), ...addressesIn(from['InnerIpAddress'])],
      publicIps: [...addressesIn(from['PublicIpAddress']), ...addressesIn(from['EipAddress'])],
      tags: (objects(from['Tags'], 'Tag') ?? []).flatMap(decodeTag),
    }),
  ];
}

/** `IpAddress` is a list, for an elastic address a single text. */
function addressesIn(value: unknown): readonly string[] {
  const addresses = isRecord(value) ? value['IpAddress'] : undefined;
  const list: readonly unknown[] = Array.isArray(addresses) ? addresses : [addresses];
  return list.flatMap((address) => text(address) ?? []);
}

function decodeTag(from: ReplyFields): Tag[] {
  const key = text(from['TagKey']);
  return key === undefined ? [] : [{ key, value: text(from['TagValue']) ?? '' }];
}

/** Throws BackupError `unexpected-reply` when the list is missing. */
export function decodeAssistantStatuses(reply: ApiReply): readonly CloudAssistantStatus[] {
  const statuses = objects(reply.body['InstanceCloudAssistantStatusSet'], 'InstanceCloudAssistantStatus');
  if (statuses === undefined) throw missing('InstanceCloudAssistantStatusSet', reply);
  return statuses.flatMap((from) => {
    const instanceId = text(from['InstanceId']);
    if (instanceId === undefined) return [];
    return [{ instanceId, running: flag(from['CloudAssistantStatus']) === true }];
  });
}
