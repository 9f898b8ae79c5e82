// Runs before the API's origin: tells the API who the viewer is. Whatever the viewer sent under
// this name is replaced, so that nobody can pass for another client.
function handler(event) {
    var request = event.request;
    request.headers['x-clubkeeper-viewer'] = { value: event.viewer.ip };
    return request;
}
