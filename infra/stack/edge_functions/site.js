// Runs before the buckets of the static sites: an address without a file's ending is one of the
// app's own pages, and all of those are its entry page. A file that is missing stays missing, and
// errors of the API are never mistaken for pages.
function handler(event) {
    var request = event.request;
    if (request.uri === '/console') {
        return {
            statusCode: 301,
            statusDescription: 'Moved Permanently',
            headers: { location: { value: '/console/' } }
        };
    }
    if (!/\.[A-Za-z0-9]{2,11}$/.test(request.uri.split('/').pop())) {
        request.uri = request.uri.indexOf('/console/') === 0 ? '/console/index.html' : '/index.html';
    }
    return request;
}
