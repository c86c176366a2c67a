//! The steps of a sign-in: `begin` makes the address that the browser is sent to, `finish` turns what it comes back with into a
//! person, or says why not.

use openidconnect::core::{
    CoreAuthDisplay, CoreAuthPrompt, CoreClientAuthMethod, CoreErrorResponseType, CoreGenderClaim, CoreJsonWebKey,
    CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm, CoreProviderMetadata, CoreResponseType,
    CoreRevocableToken, CoreRevocationErrorResponse, CoreTokenIntrospectionResponse, CoreTokenType,
};
use openidconnect::{
    AccessTokenHash, AuthType, AuthenticationFlow, AuthorizationCode, ClaimsVerificationError, ClientId, ClientSecret,
    CsrfToken, EmptyExtraTokenFields, EndpointMaybeSet, EndpointNotSet, EndpointSet, IdTokenClaims, IdTokenFields,
    Nonce, OAuth2TokenResponse as _, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, RequestTokenError, Scope,
    SignatureVerificationError, StandardErrorResponse, StandardTokenResponse, TokenResponse as _, UserInfoClaims,
};
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

use super::attempt::{Attempt, SECONDS};
use super::claims::{Extra, Person, groups, shown};
use super::fetch::NoAnswer;
use super::provider::Providers;
use super::{Registration, SignInFailure, chain};

type Tokens = StandardTokenResponse<
    IdTokenFields<
        Extra,
        EmptyExtraTokenFields,
        CoreGenderClaim,
        CoreJweContentEncryptionAlgorithm,
        CoreJwsSigningAlgorithm,
    >,
    CoreTokenType,
>;

type Client = openidconnect::Client<
    Extra,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    Tokens,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

type Claims = IdTokenClaims<Extra, CoreGenderClaim>;

/// Signatures that are taken. None by a shared secret: there the client's secret, or a public key taken for one, would sign.
const ALGORITHMS: [CoreJwsSigningAlgorithm; 9] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha384,
    CoreJwsSigningAlgorithm::RsaSsaPssSha512,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EdDsa,
];

/// What the browser brings back from the provider.
#[derive(Debug, Clone, Default)]
pub struct Returned {
    pub state: Option<String>,
    pub code: Option<String>,
    pub iss: Option<String>,
    pub error: Option<String>,
    pub error_description: Option<String>,
}

/// The address to send the browser to, and what to remember until it is back. `now` in seconds.
pub async fn begin(
    providers: &Providers,
    registration: &Registration,
    then: &str,
    now: i64,
) -> Result<(String, Attempt), SignInFailure> {
    let metadata = providers.of(&registration.issuer).await?;
    let client = client(&metadata, registration)?;
    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let scopes = registration.scopes.iter().filter(|scope| *scope != "openid");
    let (url, state, nonce) = client
        .authorize_url(
            AuthenticationFlow::<CoreResponseType>::AuthorizationCode,
            CsrfToken::new_random,
            Nonce::new_random,
        )
        .add_scopes(scopes.map(|scope| Scope::new(scope.clone())))
        .set_pkce_challenge(challenge)
        .url();
    let issuer = registration.issuer.clone();
    let ends = now.saturating_add(SECONDS);
    Ok((url.into(), Attempt { state, nonce, verifier, then: then.to_owned(), ends, issuer }))
}

/// Who it is that came back.
pub async fn finish(
    providers: &Providers,
    registration: &Registration,
    attempt: Attempt,
    returned: Returned,
) -> Result<Person, SignInFailure> {
    if attempt.issuer != registration.issuer {
        return Err(SignInFailure::Attempt("the identity provider was changed meanwhile".to_owned()));
    }
    let state = returned.state.unwrap_or_default();
    // Hashes first, so that the time taken says nothing of the state.
    if Sha256::digest(&state) != Sha256::digest(attempt.state.secret()) {
        return Err(SignInFailure::Attempt("the answer belongs to another attempt to sign in".to_owned()));
    }
    if returned.iss.is_some_and(|iss| iss != registration.issuer) {
        return Err(SignInFailure::Attempt("the answer comes from another identity provider".to_owned()));
    }
    if let Some(error) = returned.error {
        let detail = returned.error_description.map(|text| format!(": {}", shown(&text))).unwrap_or_default();
        return Err(SignInFailure::Refused(format!("the identity provider answers `{}`{detail}", shown(&error))));
    }
    let code = returned.code.ok_or_else(|| SignInFailure::Attempt("the answer holds no code".to_owned()))?;

    let metadata = providers.of(&registration.issuer).await?;
    let client = client(&metadata, registration)?;
    let tokens = exchange(providers, &client, code, attempt.verifier).await?;
    let claims = match verified(&client, &tokens, &attempt.nonce) {
        // The provider may have changed its keys since it was asked.
        Err(Unverified::UnknownKey) => {
            let metadata = providers.anew(&registration.issuer).await?;
            let client = self::client(&metadata, registration)?;
            verified(&client, &tokens, &attempt.nonce)
        }
        other => other,
    }
    .map_err(Unverified::into_failure)?;
    person(providers, &client, registration, &tokens, &claims).await
}

fn client(metadata: &CoreProviderMetadata, registration: &Registration) -> Result<Client, SignInFailure> {
    let redirect = RedirectUrl::new(registration.redirect_uri.clone()).map_err(|error| {
        SignInFailure::Provider(format!("the plane's own address `{}` is none: {error}", registration.redirect_uri))
    })?;
    let secret = registration.client_secret.as_ref().map(|secret| ClientSecret::new(secret.expose().to_owned()));
    let posts = metadata.token_endpoint_auth_methods_supported().is_some_and(|methods| {
        methods.contains(&CoreClientAuthMethod::ClientSecretPost)
            && !methods.contains(&CoreClientAuthMethod::ClientSecretBasic)
    });
    let client_id = ClientId::new(registration.client_id.clone());
    Ok(Client::from_provider_metadata(metadata.clone(), client_id, secret)
        .set_auth_type(if posts { AuthType::RequestBody } else { AuthType::BasicAuth })
        .set_redirect_uri(redirect))
}

async fn exchange(
    providers: &Providers,
    client: &Client,
    code: String,
    verifier: PkceCodeVerifier,
) -> Result<Tokens, SignInFailure> {
    let request = client
        .exchange_code(AuthorizationCode::new(code))
        .map_err(|error| SignInFailure::Provider(chain(&error)))?
        .set_pkce_verifier(verifier);
    request.request_async(providers.fetch()).await.map_err(|error| refused_exchange(&error))
}

fn refused_exchange(
    error: &RequestTokenError<NoAnswer, StandardErrorResponse<CoreErrorResponseType>>,
) -> SignInFailure {
    match error {
        RequestTokenError::ServerResponse(said) => {
            let detail = said.error_description().map(|text| format!(": {}", shown(text))).unwrap_or_default();
            let text = format!("the identity provider answers `{}`{detail}", shown(said.error().as_ref()));
            match said.error() {
                CoreErrorResponseType::InvalidClient | CoreErrorResponseType::UnauthorizedClient => {
                    SignInFailure::Provider(format!("{text}; check the client id and its secret"))
                }
                _ => SignInFailure::Refused(text),
            }
        }
        RequestTokenError::Request(no_answer) => {
            SignInFailure::Provider(format!("cannot reach the identity provider: {no_answer}"))
        }
        // The body may hold tokens; it is not repeated.
        RequestTokenError::Parse(error, _) => {
            SignInFailure::Refused(format!("the identity provider's answer is not understood: {}", error.path()))
        }
        RequestTokenError::Other(why) => SignInFailure::Provider(format!("the identity provider: {}", shown(why))),
    }
}

/// Why an ID token proves nothing.
#[derive(Debug)]
enum Unverified {
    UnknownKey,
    Refused(String),
}

impl Unverified {
    fn into_failure(self) -> SignInFailure {
        SignInFailure::Refused(match self {
            Self::UnknownKey => {
                "the ID token is signed with a key that the identity provider does not publish".to_owned()
            }
            Self::Refused(why) => why,
        })
    }
}

fn verified(client: &Client, tokens: &Tokens, nonce: &Nonce) -> Result<Claims, Unverified> {
    let refused =
        |error: &dyn std::error::Error| Unverified::Refused(format!("the ID token is refused: {}", chain(error)));
    let token = tokens.id_token().ok_or_else(|| {
        Unverified::Refused("the identity provider sent no ID token: is `openid` allowed?".to_owned())
    })?;
    let verifier = client.id_token_verifier().set_allowed_algs(ALGORITHMS);
    let claims = token.claims(&verifier, nonce).map_err(|error| match error {
        ClaimsVerificationError::SignatureVerification(SignatureVerificationError::NoMatchingKey) => {
            Unverified::UnknownKey
        }
        other => refused(&other),
    })?;
    if let Some(expected) = claims.access_token_hash() {
        let algorithm = token.signing_alg().map_err(|error| refused(&error))?;
        let key = token.signing_key(&verifier).map_err(|error| refused(&error))?;
        let actual =
            AccessTokenHash::from_token(tokens.access_token(), algorithm, key).map_err(|error| refused(&error))?;
        if actual != *expected {
            return Err(Unverified::Refused("the access token is not the one that the ID token speaks of".to_owned()));
        }
    }
    Ok(claims.clone())
}

async fn person(
    providers: &Providers,
    client: &Client,
    registration: &Registration,
    tokens: &Tokens,
    claims: &Claims,
) -> Result<Person, SignInFailure> {
    let told =
        groups(&claims.additional_claims().claims, &registration.groups_claim).map_err(SignInFailure::Refused)?;
    let mut name = claims
        .name()
        .and_then(|name| name.get(None))
        .map(|name| name.to_string())
        .or_else(|| claims.preferred_username().map(|name| name.to_string()));
    let mut email = claims.email().map(|email| email.to_string());
    let mut groups_found = told;
    // Providers that keep ID tokens small tell groups and names only at the user-info endpoint.
    if (groups_found.is_none() || name.is_none())
        && let Some(more) = user_info(providers, client, tokens, claims).await?
    {
        if groups_found.is_none() {
            let claims: &Map<String, Value> = &more.additional_claims().claims;
            groups_found = groups(claims, &registration.groups_claim).map_err(SignInFailure::Refused)?;
        }
        name = name
            .or_else(|| more.name().and_then(|name| name.get(None)).map(|name| name.to_string()))
            .or_else(|| more.preferred_username().map(|name| name.to_string()));
        email = email.or_else(|| more.email().map(|email| email.to_string()));
    }
    let subject = claims.subject().to_string();
    let name = name.or_else(|| email.clone()).unwrap_or_else(|| subject.clone());
    Ok(Person {
        issuer: registration.issuer.clone(),
        name: shown(&name),
        email: email.map(|email| shown(&email)),
        groups: groups_found.unwrap_or_default(),
        subject,
    })
}

async fn user_info(
    providers: &Providers,
    client: &Client,
    tokens: &Tokens,
    claims: &Claims,
) -> Result<Option<UserInfoClaims<Extra, CoreGenderClaim>>, SignInFailure> {
    // The library takes for granted that a token fits a header.
    if !tokens.access_token().secret().bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(SignInFailure::Refused("the access token holds characters that no header may hold".to_owned()));
    }
    let Ok(request) = client.user_info(tokens.access_token().clone(), Some(claims.subject().clone())) else {
        return Ok(None);
    };
    let found = request.request_async(providers.fetch()).await;
    found.map(Some).map_err(|error| SignInFailure::Refused(format!("the user-info endpoint: {}", chain(&error))))
}
