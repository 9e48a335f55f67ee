using Ops.Specs.Diagnostics;
using Ops.Specs.Model;
using Ops.Specs.Syntax;

namespace Ops.Specs.Binding;

/// <summary>Binds inputs and outputs.</summary>
internal sealed class PortBinder(
    MergedSpec spec, SpecDeclarations declarations, SymbolTable symbols, ExpressionBinder expressions, ShapeBinder shapes, DiagnosticBag bag)
{
    /// <summary>Whether a mistake keeps the op from being declared.</summary>
    internal bool IsBroken { get; private set; }

    /// <summary>A port; null when a mistake leaves it without a type.</summary>
    internal Port? Bind(Entry<PortSyntax> port, bool output)
    {
        if (port.Value is not { } declaration)
        {
            IsBroken = true;
            return null;
        }
        expressions.Begin();
        expressions.InOutput = output;
        string? binder = port.Family?.Binder.Name;
        if (binder is not null)
        {
            if (symbols.Find(binder) is { } hidden)
                bag.Report(SpecRules.NameClash, port.Family!.Binder.Span,
                    $"'{binder}' is already {hidden.Role} of this spec; the index of a family needs another name");
            if (symbols.Find(port.Family!.Count.Name) is { } count)
                count.Uses++;
            expressions.Push(binder, ExprTypes.Exact);
        }
        // What only this port brings is there when the port is.
        int guarded = expressions.Guards.Enter(port.Name);
        PortType? type = shapes.Bind(declaration.Type, output ? TypePlace.Output : TypePlace.Input, binder);
        if (!output)
            expressions.Unguarded.Clear();
        expressions.InOutput = false;
        Expr? inside = declaration.In is null ? null : expressions.BindSet(declaration.In, ElementOf(port), $"'{port.Name}'");
        expressions.Guards.Exit(guarded);
        if (!output)
            expressions.Unguarded.Clear();
        Expr? value = declaration.Value is null ? null
            : expressions.BindAs(declaration.Value, declarations.DataType(declaration.Type).Type,
                output ? "the elements of a tensor" : $"a value for '{port.Name}'", allowMissingElse: output);
        expressions.ReportUnguarded();
        if (binder is not null)
            expressions.Pop();
        if (type is null)
        {
            IsBroken = true;
            return null;
        }
        return new Port
        {
            Name = port.Name,
            Type = type,
            Optional = declaration.MayBeAbsent,
            Family = port.Family is { } family ? new Family(family.Binder.Name, family.Count.Name) : null,
            In = inside,
            InText = inside is null ? "" : declaration.In!.ToString(),
            Value = value,
            Aliases = Alias(declaration, type),
        };
    }

    private ExprType ElementOf(Entry<PortSyntax> port) =>
        symbols.Find(port.Name) is { Kind: SymbolKind.Input, Type: { } type }
            ? new ExprType(type.Kind.Scalar()) : new ExprType(ExprKind.AnyTensor);

    private string? Alias(PortSyntax declaration, PortType type)
    {
        if (declaration.Aliases is not { } alias)
            return null;
        if (spec.Inputs.FirstOrDefault(i => i.Name == alias.Name) is not { } input)
        {
            bag.Report(SpecRules.Aliases, alias.Span,
                $"there is no input '{alias.Name}'{DidYouMean.Hint(alias.Name, spec.Inputs.Select(i => i.Name))}");
            return null;
        }
        if (symbols.Find(alias.Name) is { } symbol)
            symbol.Uses++;
        if (input.Value is not null && input.Family is null && declaration.Type is TensorTypeSyntax mine
            && input.Value.Type is TensorTypeSyntax its
            && type is TensorPort port && ShapeBinder.Print(its) is var text && text != port.Text)
        {
            bag.Report(SpecRules.Aliases, alias.Span,
                $"'{alias.Name}' is {text} and this output is {ShapeBinder.Print(mine)}; only the same type and shape can share a buffer");
            return null;
        }
        return alias.Name;
    }
}
