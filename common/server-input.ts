import type { InputFailure } from './failure.ts';
import type { Result } from './result.ts';
import { err, ok } from './result.ts';
import { plainText } from './sanitize.ts';
import { endpointUrl, isLoopback, parseUrl } from './urls.ts';

/** The server that the person typed: the start of discovery. */
export type TypedServer = Readonly<{
  /** As typed, without surrounding spaces and invisible characters. */
  typed: string;
  /** The user ID, if one was typed. Only a hint: the person may approve as another user. */
  userId: string | null;
  /** Host in lower case and punycode, with the port if one was typed; null for a URL with a path. */
  serverName: string | null;
  /** URL of the document that names the homeserver; null for a URL with a path, which is the homeserver. */
  wellKnownUrl: URL | null;
  /** The homeserver to try if no document names another one. */
  baseUrl: URL;
  /** The person typed a host on this machine: it and its endpoints may use plain http. */
  loopback: boolean;
}>;

/** A server name, and its host and port as in a URL. */
type ServerName = Readonly<{ name: string; host: string; port: string; loopback: boolean }>;

const WELL_KNOWN = '/.well-known/matrix/client';

const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}]/gu;

const HOST_AND_PORT = /^(\[[0-9a-f:.]{2,45}\]|[^\s:/?#@[\]\\%<>^|]{1,255})(?::(\d{1,5}))?$/iu;

const DNS_NAME = /^(?!.{254})(?:[a-z0-9-]{1,63}\.)*[a-z0-9-]{1,63}$/;

/** The specification recommends 230; a longer one than 255 does not fit in a user ID. */
const MAX_NAME = 255;

/**
 * Parses what a person typed as their server: a user ID, a server name or a URL.
 *
 * Uses plain http for a host on this machine, and https for any other.
 *
 * @see {@link https://spec.matrix.org/v1.18/appendices/#server-name Matrix 1.18, server name}
 * @see {@link https://spec.matrix.org/v1.18/appendices/#user-identifiers Matrix 1.18, user identifiers}
 */
export function parseServerInput(input: string): Result<TypedServer, InputFailure> {
  const typed = input.replace(INVISIBLE, '').trim();
  if (typed === '') return err({ code: 'not-a-server', why: 'empty' });
  if (/^[#!+$]/.test(typed)) return err({ code: 'not-a-server', why: 'room' });
  if (isLink(typed)) return err({ code: 'not-a-server', why: 'link' });
  if (/^@[^@]*$/.test(typed)) return readUserId(typed);
  if (typed.includes('@') && !typed.includes('/')) return readEmail(typed);
  if (/^https?:\/\//i.test(typed)) return readUrl(typed, typed);
  if (typed.includes('://')) return err({ code: 'not-a-server', why: 'scheme' });
  const [authority = '', ...path] = typed.split('/');
  const server = readServerName(authority);
  if (server === null) return malformed();
  if (path.length > 0) return readUrl(typed, `${schemeFor(server)}://${typed}`);
  return ok(fromName(typed, null, server));
}

/** `matrix:` URIs, matrix.to links, and URLs with a fragment, as of a room in a web client. */
function isLink(typed: string): boolean {
  if (/^matrix:(?!\d{1,5}$)/i.test(typed)) return true;
  if (/^(?:https?:\/\/)?(?:www\.)?matrix\.to(?:[/?#]|$)/i.test(typed)) return true;
  return /^https?:\/\/[^#]*#./i.test(typed);
}

function readUserId(typed: string): Result<TypedServer, InputFailure> {
  const colon = typed.indexOf(':');
  const localpart = typed.slice(1, colon);
  // Historical user IDs may contain any printable ASCII.
  if (colon < 2 || !/^[\x21-\x39\x3b-\x7e]+$/.test(localpart)) return malformed();
  const server = readServerName(typed.slice(colon + 1));
  if (server === null) return malformed();
  const userId = `@${localpart}:${server.name}`;
  return userId.length > MAX_NAME ? malformed() : ok(fromName(typed, userId, server));
}

/** `alice@example.org`, and `@alice@example.org` as on other networks. */
function readEmail(typed: string): Result<TypedServer, InputFailure> {
  const [, localpart = '', domain = ''] = /^@?([^@:\s]+)@([^@]+)$/.exec(typed) ?? [];
  const meant = readUserId(`@${localpart}:${domain}`);
  if (!meant.ok || meant.value.userId === null) return malformed();
  return err({ code: 'looks-like-email', suggestion: meant.value.userId });
}

function readUrl(typed: string, text: string): Result<TypedServer, InputFailure> {
  const [, scheme = '', authority = '', rest = ''] = /^(\w+):\/\/([^/?#]*)(.*)$/.exec(text) ?? [];
  const server = readServerName(authority);
  if (server === null) return malformed();
  const secure = scheme.toLowerCase() === 'https';
  if (!secure && !server.loopback) {
    return err({ code: 'insecure-address', address: plainText(typed) ?? '' });
  }
  const { loopback } = server;
  const url = endpointUrl(`${secure ? 'https' : 'http'}://${authority}${rest}`, { loopback });
  if (url === null || rest.includes('?')) return malformed();
  if (/^\/*$/.test(rest)) return ok(fromName(typed, null, server, secure ? 'https' : 'http'));
  return ok({ typed, userId: null, serverName: null, wellKnownUrl: null, baseUrl: url, loopback });
}

function fromName(
  typed: string,
  userId: string | null,
  server: ServerName,
  scheme = schemeFor(server),
): TypedServer {
  const { name, host, port, loopback } = server;
  const baseUrl = new URL(`${scheme}://${host}${port}/`);
  // The port is part of the server name, but not of the web server that has the document. On this machine
  // one process serves both.
  const wellKnownUrl = new URL(loopback ? baseUrl : `https://${host}/`);
  wellKnownUrl.pathname = WELL_KNOWN;
  return { typed, userId, serverName: name, wellKnownUrl, baseUrl, loopback };
}

function schemeFor(server: ServerName): 'http' | 'https' {
  return server.loopback ? 'http' : 'https';
}

/** Host and optional port; a non-ASCII name is converted to punycode first. */
function readServerName(text: string): ServerName | null {
  const [, typedHost, port] = HOST_AND_PORT.exec(text) ?? [];
  if (typedHost === undefined || !isPort(port)) return null;
  const url = parseUrl(`https://${typedHost}/`);
  if (url === null) return null;
  const host = url.hostname.replace(/\.$/, '');
  if (!isHost(host, typedHost)) return null;
  const suffix = port === undefined ? '' : `:${port}`;
  const name = host + suffix;
  return name.length > MAX_NAME ? null : { name, host, port: suffix, loopback: isLoopback(host) };
}

function isPort(port: string | undefined): boolean {
  return port === undefined || (Number(port) > 0 && Number(port) <= 65_535);
}

/**
 * Whether a host is a DNS name or an IP address. URL parsers also read `1.2.3`, `0x7f.1` and full-width
 * digits as IPv4 addresses, so an address must be the same as typed.
 */
function isHost(host: string, typedHost: string): boolean {
  if (host.startsWith('[')) return true;
  if (/^\d+\.\d+\.\d+\.\d+$/.test(host)) return host === typedHost;
  return DNS_NAME.test(host);
}

function malformed(): Result<never, InputFailure> {
  return err({ code: 'not-a-server', why: 'malformed' });
}
