// The document's example of an Idempotency-Key. Sent twice it would be the same call twice, so each
// call gets a new value unless somebody wrote one of their own.
const EXAMPLE = "5f0c2e0a-9d0b-4c7e-8b55-0f3f8f1c2a10";
const KEY = "Idempotency-Key";

SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#browser",
  deepLinking: true,
  // Swagger UI validates documents at a public service unless told not to.
  validatorUrl: null,
  requestInterceptor: (request) => {
    if (request.headers?.[KEY] === EXAMPLE) request.headers[KEY] = crypto.randomUUID();
    return request;
  },
});
