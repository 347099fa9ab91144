#include "shim.h"

#include <curl/curl.h>
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

// The library's functions, found by name at the first use. Their types come from the header, so a call with the wrong types does not compile.
#define FUNCTIONS(F)                                                                                                                   \
  F(curl_global_init) F(curl_easy_init) F(curl_easy_setopt) F(curl_easy_perform) F(curl_easy_cleanup) F(curl_easy_getinfo)              \
  F(curl_easy_strerror) F(curl_slist_append) F(curl_slist_free_all) F(curl_url) F(curl_url_set) F(curl_url_get) F(curl_url_cleanup)     \
  F(curl_free)

#define DECLARE(name) __typeof__(&name) p_##name;
static struct {
  FUNCTIONS(DECLARE)
} curl;

static pthread_once_t once = PTHREAD_ONCE_INIT;
static char loading_error[256];

static void load(void) {
  void *library = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
  if (!library) {
    snprintf(loading_error, sizeof loading_error, "%s", dlerror());
    return;
  }
#define FIND(name)                                                                                                                     \
  if (!(curl.p_##name = (__typeof__(&name))dlsym(library, #name))) snprintf(loading_error, sizeof loading_error, "libcurl has no " #name);
  FUNCTIONS(FIND)
  if (!loading_error[0] && curl.p_curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
    snprintf(loading_error, sizeof loading_error, "libcurl could not start");
}

static int is_loaded(char *error, size_t capacity) {
  pthread_once(&once, load);
  if (!loading_error[0]) return 1;
  snprintf(error, capacity, "%s", loading_error);
  return 0;
}

struct transfer {
  CURL *handle;
  percept_download_begin begin;
  percept_download_write write;
  void *context;
  int64_t range_start, range_total;  // of Content-Range, or -1
  char etag[256], date[64];
  int has_begun, has_stopped;
};

/// Copies a header's value without the white space around it. A value that does not fit is left out: half a validator is none.
static void copy_value(char *to, size_t capacity, const char *value, size_t length) {
  while (length > 0 && (value[0] == ' ' || value[0] == '\t')) value++, length--;
  while (length > 0 && strchr(" \t\r\n", value[length - 1])) length--;
  if (length >= capacity) length = 0;
  memcpy(to, value, length);
  to[length] = 0;
}

static size_t on_header(char *line, size_t size, size_t count, void *context) {
  struct transfer *transfer = context;
  size_t length = size * count;
  char range[96];
  if (length >= 5 && strncasecmp(line, "HTTP/", 5) == 0) {  // a redirect's headers are not the file's
    transfer->etag[0] = transfer->date[0] = 0;
    transfer->range_start = transfer->range_total = -1;
  } else if (length > 5 && strncasecmp(line, "ETag:", 5) == 0) {
    copy_value(transfer->etag, sizeof transfer->etag, line + 5, length - 5);
  } else if (length > 14 && strncasecmp(line, "Last-Modified:", 14) == 0) {
    copy_value(transfer->date, sizeof transfer->date, line + 14, length - 14);
  } else if (length > 14 && strncasecmp(line, "Content-Range:", 14) == 0) {
    copy_value(range, sizeof range, line + 14, length - 14);
    long long start, end, total;
    int found = sscanf(range, "bytes %lld-%lld/%lld", &start, &end, &total);
    if (found >= 2) transfer->range_start = start;
    if (found == 3) transfer->range_total = total;
  }
  return length;
}

static int begin(struct transfer *transfer) {
  if (transfer->has_begun) return 0;
  transfer->has_begun = 1;
  long status = 0;
  curl_off_t length = -1;
  char *url = NULL;
  curl.p_curl_easy_getinfo(transfer->handle, CURLINFO_RESPONSE_CODE, &status);
  curl.p_curl_easy_getinfo(transfer->handle, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
  curl.p_curl_easy_getinfo(transfer->handle, CURLINFO_EFFECTIVE_URL, &url);
  int64_t start = 0, total = length;
  if (status == 206) {
    start = transfer->range_start;
    total = transfer->range_total;
  }
  // RFC 9110, section 13.1.5: If-Range takes a strong ETag or a date
  const char *validator = transfer->etag[0] == '"' ? transfer->etag : transfer->date;
  return transfer->begin(transfer->context, start, total, validator, url ? url : "");
}

static size_t on_bytes(char *bytes, size_t size, size_t count, void *context) {
  struct transfer *transfer = context;
  if (begin(transfer) != 0 || transfer->write(transfer->context, (const uint8_t *)bytes, size * count) != 0) {
    transfer->has_stopped = 1;
    return 0;
  }
  return size * count;
}

int32_t percept_download(
  const char *url, const char *accept, const char *certificates, int64_t resume_from, const char *resume_if, int32_t connect_seconds,
  int32_t stall_seconds, percept_download_begin begin_callback, percept_download_write write, void *context, char *error,
  size_t error_capacity) {
  error[0] = 0;
  if (!is_loaded(error, error_capacity)) return PERCEPT_DOWNLOAD_NO_LIBRARY;
  CURL *handle = curl.p_curl_easy_init();
  if (!handle) {
    snprintf(error, error_capacity, "libcurl could not start a transfer");
    return PERCEPT_DOWNLOAD_FAILED;
  }
  struct transfer transfer = {
    .handle = handle, .begin = begin_callback, .write = write, .context = context, .range_start = -1, .range_total = -1};
  char message[CURL_ERROR_SIZE] = "", line[512], range[32];
  struct curl_slist *headers = NULL;
  if (accept) {
    snprintf(line, sizeof line, "Accept: %s", accept);
    headers = curl.p_curl_slist_append(headers, line);
  }
#define SET(option, value) curl.p_curl_easy_setopt(handle, CURLOPT_##option, value)
  if (resume_from > 0) {
    // not RESUME_FROM, which fails when the server sends the whole file
    snprintf(range, sizeof range, "%lld-", (long long)resume_from);
    SET(RANGE, range);
    if (resume_if && resume_if[0]) {
      snprintf(line, sizeof line, "If-Range: %s", resume_if);
      headers = curl.p_curl_slist_append(headers, line);
    }
  }
  SET(URL, url);
  SET(HTTPHEADER, headers);
  SET(USERAGENT, "percept");
  SET(PROTOCOLS_STR, "https,http,file");
  SET(REDIR_PROTOCOLS_STR, strncasecmp(url, "https:", 6) == 0 ? "https" : "https,http");  // never from safe to unsafe, never to a file
  SET(FOLLOWLOCATION, 1L);
  SET(MAXREDIRS, 10L);
  SET(FAILONERROR, 1L);
  SET(NOSIGNAL, 1L);
  SET(CONNECTTIMEOUT, (long)connect_seconds);
  SET(LOW_SPEED_LIMIT, 1L);
  SET(LOW_SPEED_TIME, (long)stall_seconds);
  SET(ERRORBUFFER, message);
  SET(HEADERFUNCTION, on_header);
  SET(HEADERDATA, (void *)&transfer);
  SET(WRITEFUNCTION, on_bytes);
  SET(WRITEDATA, (void *)&transfer);
  if (certificates) SET(CAINFO, certificates);

  CURLcode code = curl.p_curl_easy_perform(handle);
  long status = 0;
  curl.p_curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
  int32_t result = PERCEPT_DOWNLOAD_FAILED;
  if (code == CURLE_OK) {
    result = begin(&transfer) == 0 ? PERCEPT_DOWNLOAD_DONE : PERCEPT_DOWNLOAD_STOPPED;  // an empty file has no first byte
  } else if (transfer.has_stopped) {
    result = PERCEPT_DOWNLOAD_STOPPED;
  } else if (code == CURLE_HTTP_RETURNED_ERROR) {
    result = status == 416 ? PERCEPT_DOWNLOAD_NO_RANGE : PERCEPT_DOWNLOAD_FAILED;
  } else if (transfer.has_begun) {
    result = PERCEPT_DOWNLOAD_CUT;
  }
  if (code != CURLE_OK) snprintf(error, error_capacity, "%s", message[0] ? message : curl.p_curl_easy_strerror(code));
  curl.p_curl_easy_cleanup(handle);
  curl.p_curl_slist_free_all(headers);
  return result;
}

int32_t percept_resolve_url(const char *base, const char *reference, char *result, size_t capacity) {
  if (!is_loaded(result, capacity)) return PERCEPT_DOWNLOAD_NO_LIBRARY;
  CURLU *url = curl.p_curl_url();
  char *text = NULL;
  int is_good = url && curl.p_curl_url_set(url, CURLUPART_URL, base, 0) == CURLUE_OK
    && curl.p_curl_url_set(url, CURLUPART_URL, reference, 0) == CURLUE_OK
    && curl.p_curl_url_get(url, CURLUPART_URL, &text, 0) == CURLUE_OK && strlen(text) < capacity;
  if (is_good) strcpy(result, text);
  if (text) curl.p_curl_free(text);
  if (url) curl.p_curl_url_cleanup(url);
  return is_good ? PERCEPT_DOWNLOAD_DONE : PERCEPT_DOWNLOAD_FAILED;
}
