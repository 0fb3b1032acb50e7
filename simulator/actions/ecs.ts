import { toIsoMinutes, toIsoSeconds } from '../clock';
import { refusal } from '../errors';
import type { Parameters } from '../parameters';
import type { Region } from '../region';
import { regions } from '../regions';
import type { Instance } from '../rows';
import type { Call } from './call';

/** The caller's machines. ECS wants the region as a parameter; on loopback every known region is the same one. */
function instancesOf(call: Call): Region {
  const regionId = call.parameters.required('RegionId');
  if (!regions.has(regionId) && regionId !== call.regionId) throw refusal('InvalidRegionId.NotFound');
  return call.world.region(call.caller.identity.accountId, call.regionId, call.nowMs);
}

/** DescribeInstances: paged by MaxResults and NextToken, or by PageNumber and PageSize. */
export function describeInstances(call: Call): string {
  const { parameters } = call;
  const region = instancesOf(call);
  const matching = [...region.instances()].filter(instanceCondition(parameters));
  const byNumber = parameters.text('PageNumber') !== undefined || parameters.text('PageSize') !== undefined;
  const page = byNumber ? numberedPage(parameters) : tokenPage(parameters, 100, Infinity);
  const end = page.start + page.size;
  return JSON.stringify({
    RequestId: call.requestId,
    PageNumber: byNumber ? page.start / page.size + 1 : 0,
    PageSize: byNumber ? page.size : 0,
    // With tokens the service does not count.
    TotalCount: byNumber ? matching.length : 0,
    NextToken: !byNumber && end < matching.length ? tokenOf(end) : '',
    Instances: {
      Instance: matching.slice(page.start, end).map((each) => instanceFields(each, call.regionId)),
    },
  });
}

function instanceCondition(parameters: Parameters): (instance: Instance) => boolean {
  const ids = new Set(parameters.jsonList('InstanceIds'));
  if (ids.size > 100) throw refusal('BadRequest', 'InstanceIds: at most 100 ids are allowed.');
  const name = parameters.text('InstanceName');
  const pattern = name === undefined ? undefined : wildcard(name);
  const status = parameters.text('Status');
  const zoneId = parameters.text('ZoneId');
  const vpcId = parameters.text('VpcId');
  const tags = parameters.tags();
  return (instance) =>
    (ids.size === 0 || ids.has(instance.instanceId)) &&
    (pattern === undefined || pattern.test(instance.instanceName)) &&
    (status === undefined || instance.status === status) &&
    (zoneId === undefined || instance.zoneId === zoneId) &&
    (vpcId === undefined || instance.vpcId === vpcId) &&
    tags.every(({ key, value }) =>
      instance.tags.some((tag) => tag.Key === key && (value === undefined || tag.Value === value)),
    );
}

function wildcard(text: string): RegExp {
  const literals = text.split('*').map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, '\\$&'));
  return new RegExp(`^${literals.join('.*')}$`, 'su');
}

function instanceFields(instance: Instance, regionId: string): object {
  return {
    InstanceId: instance.instanceId,
    InstanceName: instance.instanceName,
    HostName: instance.hostName,
    Status: instance.status,
    RegionId: regionId,
    ZoneId: instance.zoneId,
    OSType: instance.osType,
    OSName: instance.osType === 'linux' ? 'Alibaba Cloud Linux 3' : 'Windows Server 2022',
    OSNameEn: instance.osType === 'linux' ? 'Alibaba Cloud Linux 3' : 'Windows Server 2022',
    InstanceType: 'ecs.g7.large',
    InstanceNetworkType: 'vpc',
    VpcAttributes: { VpcId: instance.vpcId, PrivateIpAddress: { IpAddress: [instance.privateIp] } },
    InnerIpAddress: { IpAddress: [] },
    PublicIpAddress: { IpAddress: [] },
    EipAddress: { IpAddress: '' },
    Tags: { Tag: instance.tags.map(({ Key, Value }) => ({ TagKey: Key, TagValue: Value })) },
    ResourceGroupId: '',
    CreationTime: toIsoMinutes(instance.createdMs),
    StartTime: toIsoMinutes(instance.createdMs),
    ExpiredTime: '2099-12-31T15:59Z',
    OperationLocks: { LockReason: [] },
  };
}

/** DescribeCloudAssistantStatus: of the named instances, or of all, page by page. */
export function describeCloudAssistantStatus(call: Call): string {
  const { parameters } = call;
  const region = instancesOf(call);
  const ids = parameters.repeated('InstanceId');
  if (ids.length > 100) throw refusal('InstanceIds.ExceedLimit');
  const osType = parameters.text('OSType')?.toLowerCase();
  const all = (ids.length === 0 ? [...region.instances()] : ids.map((id) => known(region, id))).filter(
    (instance) => osType === undefined || instance.osType === osType,
  );
  const page = ids.length > 0 ? { start: 0, size: all.length } : tokenPage(parameters, 50, 50);
  const end = page.start + page.size;
  return JSON.stringify({
    RequestId: call.requestId,
    PageNumber: 1,
    PageSize: page.size,
    TotalCount: all.length,
    NextToken: end < all.length ? tokenOf(end) : '',
    InstanceCloudAssistantStatusSet: {
      InstanceCloudAssistantStatus: all
        .slice(page.start, end)
        .map((instance) => assistantFields(instance, call.nowMs)),
    },
  });
}

function known(region: Region, instanceId: string): Instance {
  const instance = region.instance(instanceId);
  if (instance === undefined) throw refusal('InvalidInstance.NotFound');
  return instance;
}

function assistantFields(instance: Instance, nowMs: number): object {
  const running = instance.status === 'Running' && instance.assistantRunning;
  return {
    InstanceId: instance.instanceId,
    CloudAssistantStatus: String(running),
    CloudAssistantVersion: running ? '2.2.3.189' : '',
    ...(running ? { LastHeartbeatTime: toIsoSeconds(nowMs - 30_000) } : {}),
    ActiveTaskCount: 0,
    InvocationCount: 0,
    OSType: instance.osType === 'linux' ? 'Linux' : 'Windows',
    SupportSessionManager: running,
  };
}

interface Page {
  readonly start: number;
  readonly size: number;
}

function numberedPage(parameters: Parameters): Page {
  const number = Number(parameters.text('PageNumber') ?? '1');
  const size = Number(parameters.text('PageSize') ?? '10');
  if (!Number.isInteger(number) || number < 1) throw refusal('InvalidParam.PageNumber');
  if (!Number.isInteger(size) || size < 1 || size > 100) throw refusal('InvalidParam.PageSize');
  return { start: (number - 1) * size, size };
}

/** MaxResults below 10 become 10; `strictMax` is where the service refuses instead of cutting to `max`. */
function tokenPage(parameters: Parameters, max: number, strictMax: number): Page {
  const size = Number(parameters.text('MaxResults') ?? '10');
  if (!Number.isInteger(size) || size < 1 || size > strictMax) throw refusal('InvalidParameter.MaxResults');
  const token = parameters.text('NextToken');
  const start = token === undefined ? 0 : Number(/^next-(\d{1,9})$/.exec(token)?.[1] ?? Number.NaN);
  if (Number.isNaN(start)) throw refusal('InvalidParameter.NextToken');
  return { start, size: Math.min(max, Math.max(10, size)) };
}

function tokenOf(start: number): string {
  return `next-${start}`;
}
