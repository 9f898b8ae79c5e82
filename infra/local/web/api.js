// Swagger UI validates documents at a public service unless told not to.
SwaggerUIBundle({ url: "/openapi.json", dom_id: "#browser", deepLinking: true, validatorUrl: null });
